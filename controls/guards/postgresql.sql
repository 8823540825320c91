-- Guards of people and of the payment chain on PostgreSQL (shebao_refuse is the ledger's). Each statement ends with a line "-- ;;".

-- Records of the chain are only ever added.
CREATE TRIGGER shebao_source_file_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_source_file EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_source_coverage_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_source_coverage EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_source_use_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_source_use EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_roster_source_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_roster_source EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_roster_line_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_roster_line EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_roster_finding_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_roster_finding EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_roster_finding_line_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_roster_finding_line EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_roster_answer_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_roster_answer EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_hold_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_hold EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_signature_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_signature EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_release_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_release EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_bank_batch_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_bank_batch EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_bank_authorisation_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_bank_authorisation EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_bank_line_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_bank_line EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_bank_return_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_bank_return EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_bank_result_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_bank_result EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_comeback_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_comeback EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_duty_pair_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_duty_pair EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_roster_stay BEFORE DELETE OR TRUNCATE ON shebao_roster EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_user_stay BEFORE DELETE OR TRUNCATE ON shebao_user EXECUTE FUNCTION shebao_refuse('SB3041: 用户只可停用，不得删除')
-- ;;
CREATE TRIGGER shebao_grant_stay BEFORE DELETE OR TRUNCATE ON shebao_grant EXECUTE FUNCTION shebao_refuse('SB3041: 授权只可终止，不得删除')
-- ;;
CREATE FUNCTION shebao_grant_keep_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.user_id <> NEW.user_id OR OLD.duty <> NEW.duty
  OR OLD.valid_from <> NEW.valid_from OR OLD.granted_by <> NEW.granted_by OR OLD.granted_at <> NEW.granted_at
  OR NEW.valid_to = '' OR (OLD.valid_to <> '' AND NEW.valid_to > OLD.valid_to) THEN
    RAISE EXCEPTION 'SB3041: 授权只可提前终止';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_grant_keep BEFORE UPDATE ON shebao_grant FOR EACH ROW EXECUTE FUNCTION shebao_grant_keep_guard()
-- ;;
-- A user keeps name and password, a session its token and its term; both are never deleted.
CREATE FUNCTION shebao_user_keep_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.user_id, OLD.name, OLD.password_hash, OLD.created_at, OLD.created_by)
    IS DISTINCT FROM (NEW.user_id, NEW.name, NEW.password_hash, NEW.created_at, NEW.created_by) THEN
    RAISE EXCEPTION 'SB3041: 用户的姓名、口令和登记不得修改';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_user_keep BEFORE UPDATE ON shebao_user FOR EACH ROW EXECUTE FUNCTION shebao_user_keep_guard()
-- ;;
CREATE TRIGGER shebao_session_stay BEFORE DELETE OR TRUNCATE ON shebao_session EXECUTE FUNCTION shebao_refuse('SB3041: 会话只可关闭，不得删除')
-- ;;
CREATE FUNCTION shebao_session_keep_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.token_hash <> NEW.token_hash OR OLD.user_id <> NEW.user_id OR OLD.opened_at <> NEW.opened_at OR OLD.expires_at <> NEW.expires_at
    OR OLD.closed_at <> '' THEN
    RAISE EXCEPTION 'SB3041: 会话只可关闭';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_session_keep BEFORE UPDATE ON shebao_session FOR EACH ROW EXECUTE FUNCTION shebao_session_keep_guard()
-- ;;
-- C1, static half: incompatible duties are never held by one person at one time.
CREATE FUNCTION shebao_grant_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM shebao_grant g JOIN shebao_duty_pair p ON (p.a = g.duty AND p.b = NEW.duty) OR (p.b = g.duty AND p.a = NEW.duty)
    WHERE g.user_id = NEW.user_id AND (g.valid_to = '' OR g.valid_to > NEW.valid_from) AND (NEW.valid_to = '' OR g.valid_from < NEW.valid_to)
      AND NOT EXISTS (SELECT 1 FROM shebao_duty_request x JOIN shebao_duty_step y ON y.request_id = x.request_id AND y.step = 'approve'
        WHERE x.kind = 'exemption' AND x.user_id = NEW.user_id AND ((x.duty = g.duty AND x.other = NEW.duty) OR (x.other = g.duty AND x.duty = NEW.duty))
          AND x.valid_from <= NEW.valid_from AND NEW.valid_to <> '' AND x.valid_to >= NEW.valid_to
          AND NOT EXISTS (SELECT 1 FROM shebao_duty_step z WHERE z.request_id = x.request_id AND z.step = 'end'))) THEN
    RAISE EXCEPTION 'SB3003: 不相容岗位不得授予同一人';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_grant_enter BEFORE INSERT ON shebao_grant FOR EACH ROW EXECUTE FUNCTION shebao_grant_enter_guard()
-- ;;
-- Lines enter while their roster is being built, and never after.
CREATE FUNCTION shebao_roster_line_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT book_id, roster_id FROM fresh) f
             LEFT JOIN shebao_roster r ON r.book_id = f.book_id AND r.roster_id = f.roster_id AND r.state = 'building' WHERE r.roster_id IS NULL) THEN
    RAISE EXCEPTION 'SB3033: 花名册已编成，不得加行';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_roster_line_enter AFTER INSERT ON shebao_roster_line REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION shebao_roster_line_enter_guard()
-- ;;
CREATE FUNCTION shebao_roster_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'building' OR NEW.payment <> 'none' OR NEW.round <> 1 OR NEW.check_no <> 0 THEN
    RAISE EXCEPTION 'SB3033: 新花名册须从编制开始';
  END IF;
  IF EXISTS (SELECT 1 FROM shebao_roster WHERE roster_id = NEW.roster_id) THEN
    RAISE EXCEPTION 'SB3041: 花名册编号已用';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_roster_enter BEFORE INSERT ON shebao_roster FOR EACH ROW EXECUTE FUNCTION shebao_roster_enter_guard()
-- ;;
-- The two state machines: signing and payment; what the header says of its content never changes.
CREATE FUNCTION shebao_roster_move_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.book_id <> NEW.book_id OR OLD.roster_id <> NEW.roster_id OR OLD.fund <> NEW.fund OR OLD.kind <> NEW.kind
    OR OLD.period <> NEW.period OR OLD.file_id <> NEW.file_id OR OLD.line_count <> NEW.line_count OR OLD.gross_fen <> NEW.gross_fen
    OR OLD.net_fen <> NEW.net_fen OR OLD.built_by <> NEW.built_by OR OLD.built_at <> NEW.built_at THEN
    RAISE EXCEPTION 'SB3041: 花名册的内容不得修改';
  END IF;
  IF NOT (
    (OLD.payment = NEW.payment AND OLD.round = NEW.round AND OLD.check_no = NEW.check_no AND (
      (OLD.state = 'building' AND NEW.state = 'built') OR (OLD.state = 'checked' AND NEW.state = 'submitted')
      OR (OLD.state = 'submitted' AND NEW.state = 'reviewed') OR (OLD.state = 'reviewed' AND NEW.state = 'authorised')
      OR (OLD.state IN ('built', 'checked') AND NEW.state = 'withdrawn')
      OR (OLD.state IN ('submitted', 'reviewed', 'authorised') AND NEW.state = 'withdrawn' AND EXISTS (
        SELECT 1 FROM shebao_roster_expiry e WHERE e.book_id = NEW.book_id AND e.roster_id = NEW.roster_id))))
    OR (OLD.payment = NEW.payment AND OLD.round = NEW.round AND NEW.check_no = OLD.check_no + 1 AND OLD.state IN ('built', 'checked') AND NEW.state = 'checked')
    OR (OLD.payment = NEW.payment AND NEW.round = OLD.round + 1 AND OLD.check_no = NEW.check_no
      AND OLD.state IN ('submitted', 'reviewed', 'authorised') AND NEW.state = 'checked')
    OR (OLD.round = NEW.round AND OLD.check_no = NEW.check_no AND OLD.state = 'authorised' AND NEW.state = 'released' AND OLD.payment = 'none' AND NEW.payment = 'released')
    OR (OLD.round = NEW.round AND OLD.check_no = NEW.check_no AND OLD.state = 'released' AND NEW.state = 'released'
      AND ((OLD.payment = 'released' AND NEW.payment = 'made') OR (OLD.payment = 'made' AND NEW.payment = 'sent') OR (OLD.payment = 'sent' AND NEW.payment = 'returned')))) THEN
    RAISE EXCEPTION 'SB3033: 花名册状态不能这样改变';
  END IF;
  IF NEW.state = 'built' AND NOT EXISTS (
    SELECT 1 FROM shebao_roster_line l WHERE l.book_id = NEW.book_id AND l.roster_id = NEW.roster_id
    GROUP BY l.book_id, l.roster_id HAVING COUNT(*) = NEW.line_count AND SUM(l.net_fen) = NEW.net_fen AND SUM(l.gross_fen) = NEW.gross_fen) THEN
    RAISE EXCEPTION 'SB3034: 明细与花名册头不符';
  END IF;
  IF NEW.state IN ('submitted', 'reviewed', 'authorised') AND NOT EXISTS (
    SELECT 1 FROM shebao_signature s WHERE s.book_id = NEW.book_id AND s.roster_id = NEW.roster_id AND s.round = NEW.round
      AND s.duty = CASE NEW.state WHEN 'submitted' THEN 'HANDLE_ROSTER' WHEN 'reviewed' THEN 'REVIEW' ELSE 'AUTHORISE' END) THEN
    RAISE EXCEPTION 'SB3037: 没有相应的签字';
  END IF;
  IF NEW.payment = 'released'
    AND NOT EXISTS (SELECT 1 FROM shebao_release WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id) THEN
    RAISE EXCEPTION 'SB3070: 没有放行';
  END IF;
  IF NEW.payment = 'made'
    AND NOT EXISTS (SELECT 1 FROM shebao_bank_batch WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id) THEN
    RAISE EXCEPTION 'SB3075: 没有制单';
  END IF;
  IF NEW.payment = 'sent'
    AND NOT EXISTS (SELECT 1 FROM shebao_bank_authorisation WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id) THEN
    RAISE EXCEPTION 'SB3075: 没有网银复核';
  END IF;
  IF NEW.payment = 'returned'
    AND NOT EXISTS (SELECT 1 FROM shebao_bank_return WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id) THEN
    RAISE EXCEPTION 'SB3075: 没有回盘';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_roster_move BEFORE UPDATE ON shebao_roster FOR EACH ROW EXECUTE FUNCTION shebao_roster_move_guard()
-- ;;
-- Findings belong to the check under way; answers and holds come before the signatures.
CREATE FUNCTION shebao_roster_finding_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state IN ('built', 'checked') AND check_no = NEW.check_no - 1) THEN
    RAISE EXCEPTION 'SB3033: 检查结果只能在检查时登记';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_roster_finding_enter BEFORE INSERT ON shebao_roster_finding FOR EACH ROW EXECUTE FUNCTION shebao_roster_finding_enter_guard()
-- ;;
CREATE FUNCTION shebao_roster_finding_line_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state IN ('built', 'checked') AND check_no = NEW.check_no - 1) THEN
    RAISE EXCEPTION 'SB3033: 检查结果只能在检查时登记';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_roster_finding_line_enter BEFORE INSERT ON shebao_roster_finding_line FOR EACH ROW EXECUTE FUNCTION shebao_roster_finding_line_enter_guard()
-- ;;
-- What a file covers is counted before it is used and not after; a check names files in use, as they were taken in.
CREATE FUNCTION shebao_source_coverage_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT file_id FROM fresh) f JOIN shebao_source_use u ON u.file_id = f.file_id) THEN
    RAISE EXCEPTION 'SB3041: 文件启用后不得补记覆盖范围';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_source_coverage_enter AFTER INSERT ON shebao_source_coverage REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION shebao_source_coverage_enter_guard()
-- ;;
CREATE FUNCTION shebao_source_use_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_source_file f WHERE f.file_id = NEW.file_id
    AND f.rows = (SELECT COALESCE(SUM(c.rows), 0) FROM shebao_source_coverage c WHERE c.file_id = f.file_id)) THEN
    RAISE EXCEPTION 'SB3041: 覆盖范围与文件的行数不符';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_source_use_enter BEFORE INSERT ON shebao_source_use FOR EACH ROW EXECUTE FUNCTION shebao_source_use_enter_guard()
-- ;;
CREATE FUNCTION shebao_roster_source_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state IN ('built', 'checked') AND check_no = NEW.check_no - 1) THEN
    RAISE EXCEPTION 'SB3033: 检查所用数据只能在检查时登记';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM shebao_source_file f JOIN shebao_source_use u ON u.file_id = f.file_id WHERE f.file_id = NEW.file_id AND f.parquet_sha256 = NEW.parquet_sha256) THEN
    RAISE EXCEPTION 'SB3041: 检查只能引用在用的快照';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_roster_source_enter BEFORE INSERT ON shebao_roster_source FOR EACH ROW EXECUTE FUNCTION shebao_roster_source_enter_guard()
-- ;;
CREATE FUNCTION shebao_roster_answer_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state = 'checked') THEN
    RAISE EXCEPTION 'SB3033: 签字后不得再答复';
  END IF;
  IF EXISTS (
    SELECT 1 FROM shebao_roster_finding f JOIN shebao_roster r ON r.book_id = f.book_id AND r.roster_id = f.roster_id AND r.check_no = f.check_no
    WHERE f.book_id = NEW.book_id AND f.roster_id = NEW.roster_id AND f.finding_id = NEW.finding_id AND f.blocking = 1) THEN
    RAISE EXCEPTION 'SB3036: 拦截疑点不能由经办答复';
  END IF;
  IF EXISTS (SELECT 1 FROM shebao_roster_answer
    WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND finding_id = NEW.finding_id AND answer_no = NEW.answer_no) THEN
    RAISE EXCEPTION 'SB3041: 答复不得改写';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_roster_answer_enter BEFORE INSERT ON shebao_roster_answer FOR EACH ROW EXECUTE FUNCTION shebao_roster_answer_enter_guard()
-- ;;
CREATE FUNCTION shebao_hold_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state IN ('built', 'checked')) THEN
    RAISE EXCEPTION 'SB3033: 签字后不得再暂缓';
  END IF;
  IF EXISTS (SELECT 1 FROM shebao_hold WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND seq = NEW.seq) THEN
    RAISE EXCEPTION 'SB3041: 暂缓不得改写';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_hold_enter BEFORE INSERT ON shebao_hold FOR EACH ROW EXECUTE FUNCTION shebao_hold_enter_guard()
-- ;;
-- C1, C2: a signature in its turn, of this round, by somebody who holds the duty and signed nothing else here, over the handler's digest.
CREATE FUNCTION shebao_signature_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND round = NEW.round
      AND state = CASE NEW.duty WHEN 'HANDLE_ROSTER' THEN 'checked' WHEN 'REVIEW' THEN 'submitted' ELSE 'reviewed' END) THEN
    RAISE EXCEPTION 'SB3033: 未轮到这一签字';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.user_id AND duty = NEW.duty
      AND valid_from <= substr(NEW.signed_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.signed_at)) THEN
    RAISE EXCEPTION 'SB3001: 签字人没有这一岗位';
  END IF;
  IF EXISTS (
    SELECT 1 FROM shebao_signature WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND user_id = NEW.user_id AND duty <> NEW.duty) THEN
    RAISE EXCEPTION 'SB3002: 同一人不得以两个岗位签字';
  END IF;
  IF NEW.duty <> 'HANDLE_ROSTER' AND EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND built_by = NEW.user_id) THEN
    RAISE EXCEPTION 'SB3002: 编制人不得审核或授权';
  END IF;
  IF NEW.duty <> 'HANDLE_ROSTER' AND NOT EXISTS (
    SELECT 1 FROM shebao_signature WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND round = NEW.round
      AND duty = 'HANDLE_ROSTER' AND digest = NEW.digest) THEN
    RAISE EXCEPTION 'SB3034: 与经办签字的内容不同';
  END IF;
  IF EXISTS (
    SELECT 1 FROM shebao_signature WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND round = NEW.round AND duty = NEW.duty) THEN
    RAISE EXCEPTION 'SB3041: 签字不得改写';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_signature_enter BEFORE INSERT ON shebao_signature FOR EACH ROW EXECUTE FUNCTION shebao_signature_enter_guard()
-- ;;
-- C3: released only after three signatures of this digest by three people, with every blocked line held, and for exactly what is not held.
CREATE FUNCTION shebao_release_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.released_by AND duty = 'AUTHORISE'
      AND valid_from <= substr(NEW.released_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.released_at)) THEN
    RAISE EXCEPTION 'SB3001: 放行由分管领导办理';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state = 'authorised') THEN
    RAISE EXCEPTION 'SB3033: 未授权，不得放行';
  END IF;
  IF 3 <> (
    SELECT COUNT(DISTINCT s.user_id) FROM shebao_signature s JOIN shebao_roster r ON r.book_id = s.book_id AND r.roster_id = s.roster_id AND r.round = s.round
    WHERE s.book_id = NEW.book_id AND s.roster_id = NEW.roster_id AND s.digest = NEW.digest) THEN
    RAISE EXCEPTION 'SB3037: 放行须三人对同一内容签字';
  END IF;
  IF EXISTS (
    SELECT 1 FROM shebao_roster r
    JOIN shebao_roster_finding f ON f.book_id = r.book_id AND f.roster_id = r.roster_id AND f.check_no = r.check_no AND f.blocking = 1
    JOIN shebao_roster_finding_line l ON l.book_id = f.book_id AND l.roster_id = f.roster_id AND l.check_no = f.check_no AND l.finding_id = f.finding_id
    LEFT JOIN shebao_hold h ON h.book_id = l.book_id AND h.roster_id = l.roster_id AND h.seq = l.seq
    WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND h.seq IS NULL) THEN
    RAISE EXCEPTION 'SB3036: 有拦截疑点的行未暂缓';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM shebao_roster_line l LEFT JOIN shebao_hold h ON h.book_id = l.book_id AND h.roster_id = l.roster_id AND h.seq = l.seq
    WHERE l.book_id = NEW.book_id AND l.roster_id = NEW.roster_id AND h.seq IS NULL
    GROUP BY l.book_id, l.roster_id HAVING COUNT(*) = NEW.line_count AND SUM(l.net_fen) = NEW.fen) THEN
    RAISE EXCEPTION 'SB3034: 放行的合计与明细不符';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_release_enter BEFORE INSERT ON shebao_release FOR EACH ROW EXECUTE FUNCTION shebao_release_enter_guard()
-- ;;
-- A bank file is made once, of what was released; its return is taken once, by somebody else, and adds up.
CREATE FUNCTION shebao_bank_line_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT book_id, roster_id FROM fresh) f
             LEFT JOIN shebao_roster r ON r.book_id = f.book_id AND r.roster_id = f.roster_id AND r.payment = 'released' WHERE r.roster_id IS NULL) THEN
    RAISE EXCEPTION 'SB3070: 未放行或已送盘，不得加付款行';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_bank_line_enter AFTER INSERT ON shebao_bank_line REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION shebao_bank_line_enter_guard()
-- ;;
CREATE FUNCTION shebao_bank_batch_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.sent_by AND duty = 'CASHIER'
      AND valid_from <= substr(NEW.sent_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.sent_at)) THEN
    RAISE EXCEPTION 'SB3001: 网银制单由出纳办理';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND payment = 'released') THEN
    RAISE EXCEPTION 'SB3070: 未放行或已送盘';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM shebao_release r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.fen = NEW.fen AND r.payee_count = NEW.line_count
      AND r.fen = (SELECT COALESCE(SUM(fen), 0) FROM shebao_bank_line l WHERE l.book_id = r.book_id AND l.roster_id = r.roster_id)
      AND r.payee_count = (SELECT COUNT(*) FROM shebao_bank_line l WHERE l.book_id = r.book_id AND l.roster_id = r.roster_id)) THEN
    RAISE EXCEPTION 'SB3071: 银行盘与放行不符';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_token t JOIN shebao_token_act a ON a.token_no = t.token_no JOIN shebao_token_signature s ON s.token_no = a.token_no AND s.act_no = a.act_no
    WHERE t.token_no = NEW.token AND t.kind = 'make_key' AND a.receiver = NEW.sent_by AND NOT EXISTS (SELECT 1 FROM shebao_token_act x WHERE x.token_no = t.token_no AND x.act IN ('lost', 'destroyed'))
      AND NOT EXISTS (SELECT 1 FROM shebao_token_signature z WHERE z.token_no = a.token_no AND z.act_no > a.act_no)) THEN
    RAISE EXCEPTION 'SB2231: 制单人没有持有制单U盾';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_bank_batch_enter BEFORE INSERT ON shebao_bank_batch FOR EACH ROW EXECUTE FUNCTION shebao_bank_batch_enter_guard()
-- ;;
-- A second key holder authorises the very bytes that the cashier made; nothing counts as sent before.
CREATE FUNCTION shebao_bank_authorisation_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND payment = 'made') THEN
    RAISE EXCEPTION 'SB3075: 未制单或已送盘';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM shebao_bank_batch WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND sha256 = NEW.sha256) THEN
    RAISE EXCEPTION 'SB2235: 复核的不是制单的那一份';
  END IF;
  IF EXISTS (
    SELECT 1 FROM shebao_bank_batch WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND sent_by = NEW.authorised_by) THEN
    RAISE EXCEPTION 'SB3002: 制单人不得复核';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_grant WHERE user_id = NEW.authorised_by AND duty = 'CHECK' AND valid_from <= substr(NEW.authorised_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.authorised_at)) THEN
    RAISE EXCEPTION 'SB3001: 网银复核由会计主管办理';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_token t JOIN shebao_token_act a ON a.token_no = t.token_no JOIN shebao_token_signature s ON s.token_no = a.token_no AND s.act_no = a.act_no
    WHERE t.token_no = NEW.token AND t.kind = 'authorise_key' AND a.receiver = NEW.authorised_by AND NOT EXISTS (SELECT 1 FROM shebao_token_act x WHERE x.token_no = t.token_no AND x.act IN ('lost', 'destroyed'))
      AND NOT EXISTS (SELECT 1 FROM shebao_token_signature z WHERE z.token_no = a.token_no AND z.act_no > a.act_no)) THEN
    RAISE EXCEPTION 'SB2231: 复核人没有持有复核U盾';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_bank_authorisation_enter BEFORE INSERT ON shebao_bank_authorisation FOR EACH ROW EXECUTE FUNCTION shebao_bank_authorisation_enter_guard()
-- ;;
CREATE FUNCTION shebao_bank_result_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT book_id, roster_id FROM fresh) f
             LEFT JOIN shebao_roster r ON r.book_id = f.book_id AND r.roster_id = f.roster_id AND r.payment = 'sent' WHERE r.roster_id IS NULL) THEN
    RAISE EXCEPTION 'SB3075: 未送盘或已回盘';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_bank_result_enter AFTER INSERT ON shebao_bank_result REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION shebao_bank_result_enter_guard()
-- ;;
CREATE FUNCTION shebao_bank_return_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND payment = 'sent') THEN
    RAISE EXCEPTION 'SB3075: 未送盘或已回盘';
  END IF;
  IF EXISTS (
    SELECT 1 FROM shebao_bank_batch WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND sent_by = NEW.taken_by) THEN
    RAISE EXCEPTION 'SB3002: 送盘人不得接收回盘';
  END IF;
  IF EXISTS (
    SELECT 1 FROM shebao_bank_authorisation WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND authorised_by = NEW.taken_by) THEN
    RAISE EXCEPTION 'SB3002: 网银复核人不得接收回盘';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.taken_by AND duty IN ('BOOKKEEP', 'CHECK')
      AND valid_from <= substr(NEW.taken_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.taken_at)) THEN
    RAISE EXCEPTION 'SB3001: 回盘由会计或会计主管接收';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM shebao_bank_line l JOIN shebao_bank_result x ON x.book_id = l.book_id AND x.roster_id = l.roster_id AND x.bank_seq = l.bank_seq
    WHERE l.book_id = NEW.book_id AND l.roster_id = NEW.roster_id
    GROUP BY l.book_id, l.roster_id HAVING COUNT(*) = NEW.paid_count + NEW.failed_count
      AND COUNT(*) = (SELECT line_count FROM shebao_bank_batch b WHERE b.book_id = NEW.book_id AND b.roster_id = NEW.roster_id)
      AND COUNT(*) = (SELECT COUNT(*) FROM shebao_bank_result y WHERE y.book_id = NEW.book_id AND y.roster_id = NEW.roster_id)
      AND SUM(x.ok) = NEW.paid_count AND SUM(CASE WHEN x.ok = 1 THEN l.fen ELSE 0 END) = NEW.paid_fen
      AND SUM(CASE WHEN x.ok = 0 THEN l.fen ELSE 0 END) = NEW.failed_fen) THEN
    RAISE EXCEPTION 'SB3073: 回盘与送盘不符';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_bank_return_enter BEFORE INSERT ON shebao_bank_return FOR EACH ROW EXECUTE FUNCTION shebao_bank_return_enter_guard()
-- ;;
CREATE FUNCTION shebao_comeback_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
  SELECT 1 FROM shebao_roster r JOIN shebao_bank_line l ON l.book_id = r.book_id AND l.roster_id = r.roster_id
  JOIN shebao_bank_result x ON x.book_id = l.book_id AND x.roster_id = l.roster_id AND x.bank_seq = l.bank_seq
  WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.payment = 'returned' AND l.bank_seq = NEW.bank_seq AND x.ok = 1 AND l.fen = NEW.fen)
  OR EXISTS (SELECT 1 FROM shebao_comeback c WHERE c.book_id = NEW.book_id AND c.roster_id = NEW.roster_id AND c.bank_seq = NEW.bank_seq) THEN
    RAISE EXCEPTION 'SB3076: 只有已付成功的款项可登记退票，且只登记一次';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_comeback_enter BEFORE INSERT ON shebao_comeback FOR EACH ROW EXECUTE FUNCTION shebao_comeback_enter_guard()
