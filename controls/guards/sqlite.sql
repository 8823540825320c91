-- Guards of people and of the payment chain on SQLite. Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

-- Records of the chain are only ever added.
CREATE TRIGGER shebao_source_file_keep BEFORE UPDATE ON shebao_source_file BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_source_file_stay BEFORE DELETE ON shebao_source_file BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_source_coverage_keep BEFORE UPDATE ON shebao_source_coverage BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_source_coverage_stay BEFORE DELETE ON shebao_source_coverage BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_source_use_keep BEFORE UPDATE ON shebao_source_use BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_source_use_stay BEFORE DELETE ON shebao_source_use BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_source_keep BEFORE UPDATE ON shebao_roster_source BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_source_stay BEFORE DELETE ON shebao_roster_source BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_line_keep BEFORE UPDATE ON shebao_roster_line BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_line_stay BEFORE DELETE ON shebao_roster_line BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_finding_keep BEFORE UPDATE ON shebao_roster_finding BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_finding_stay BEFORE DELETE ON shebao_roster_finding BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_finding_line_keep BEFORE UPDATE ON shebao_roster_finding_line BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_finding_line_stay BEFORE DELETE ON shebao_roster_finding_line BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_answer_keep BEFORE UPDATE ON shebao_roster_answer BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_answer_stay BEFORE DELETE ON shebao_roster_answer BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_hold_keep BEFORE UPDATE ON shebao_hold BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_hold_stay BEFORE DELETE ON shebao_hold BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_signature_keep BEFORE UPDATE ON shebao_signature BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_signature_stay BEFORE DELETE ON shebao_signature BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_release_keep BEFORE UPDATE ON shebao_release BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_release_stay BEFORE DELETE ON shebao_release BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_batch_keep BEFORE UPDATE ON shebao_bank_batch BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_batch_stay BEFORE DELETE ON shebao_bank_batch BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_authorisation_keep BEFORE UPDATE ON shebao_bank_authorisation BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_authorisation_stay BEFORE DELETE ON shebao_bank_authorisation BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_line_keep BEFORE UPDATE ON shebao_bank_line BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_line_stay BEFORE DELETE ON shebao_bank_line BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_return_keep BEFORE UPDATE ON shebao_bank_return BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_return_stay BEFORE DELETE ON shebao_bank_return BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_result_keep BEFORE UPDATE ON shebao_bank_result BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_result_stay BEFORE DELETE ON shebao_bank_result BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_comeback_keep BEFORE UPDATE ON shebao_comeback BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_comeback_stay BEFORE DELETE ON shebao_comeback BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_duty_pair_keep BEFORE UPDATE ON shebao_duty_pair BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_duty_pair_stay BEFORE DELETE ON shebao_duty_pair BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_stay BEFORE DELETE ON shebao_roster BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_user_stay BEFORE DELETE ON shebao_user BEGIN SELECT RAISE(ABORT, 'SB3041: 用户只可停用，不得删除'); END
-- ;;
CREATE TRIGGER shebao_grant_stay BEFORE DELETE ON shebao_grant BEGIN SELECT RAISE(ABORT, 'SB3041: 授权只可终止，不得删除'); END
-- ;;
CREATE TRIGGER shebao_grant_keep BEFORE UPDATE ON shebao_grant WHEN OLD.user_id <> NEW.user_id OR OLD.duty <> NEW.duty
  OR OLD.valid_from <> NEW.valid_from OR OLD.granted_by <> NEW.granted_by OR OLD.granted_at <> NEW.granted_at
  OR NEW.valid_to = '' OR (OLD.valid_to <> '' AND NEW.valid_to > OLD.valid_to)
BEGIN SELECT RAISE(ABORT, 'SB3041: 授权只可提前终止'); END
-- ;;
-- A user keeps name and password, a session its token and its term; both are never deleted.
CREATE TRIGGER shebao_user_keep BEFORE UPDATE OF user_id, name, password_hash, created_at, created_by ON shebao_user
BEGIN SELECT RAISE(ABORT, 'SB3041: 用户的姓名、口令和登记不得修改'); END
-- ;;
CREATE TRIGGER shebao_session_stay BEFORE DELETE ON shebao_session BEGIN SELECT RAISE(ABORT, 'SB3041: 会话只可关闭，不得删除'); END
-- ;;
CREATE TRIGGER shebao_session_keep BEFORE UPDATE ON shebao_session WHEN OLD.token_hash <> NEW.token_hash OR OLD.user_id <> NEW.user_id
  OR OLD.opened_at <> NEW.opened_at OR OLD.expires_at <> NEW.expires_at OR OLD.closed_at <> ''
BEGIN SELECT RAISE(ABORT, 'SB3041: 会话只可关闭'); END
-- ;;
-- INSERT OR REPLACE deletes without a DELETE trigger, so a key that is taken, of any unique index, is refused before it comes to that.
CREATE TRIGGER shebao_source_file_once BEFORE INSERT ON shebao_source_file BEGIN
  SELECT RAISE(ABORT, 'SB3041: 导入登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_source_file WHERE file_id = NEW.file_id OR sha256 = NEW.sha256);
END
-- ;;
CREATE TRIGGER shebao_source_coverage_once BEFORE INSERT ON shebao_source_coverage BEGIN
  SELECT RAISE(ABORT, 'SB3041: 覆盖范围不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_source_coverage
    WHERE file_id = NEW.file_id AND fund = NEW.fund AND region = NEW.region AND period = NEW.period);
END
-- ;;
CREATE TRIGGER shebao_source_use_once BEFORE INSERT ON shebao_source_use BEGIN
  SELECT RAISE(ABORT, 'SB3041: 启用记录不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_source_use WHERE file_id = NEW.file_id);
END
-- ;;
CREATE TRIGGER shebao_roster_source_once BEFORE INSERT ON shebao_roster_source BEGIN
  SELECT RAISE(ABORT, 'SB3041: 检查所用数据不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_roster_source
    WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND check_no = NEW.check_no AND file_id = NEW.file_id);
END
-- ;;
CREATE TRIGGER shebao_user_once BEFORE INSERT ON shebao_user BEGIN
  SELECT RAISE(ABORT, 'SB3041: 用户不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_user WHERE user_id = NEW.user_id);
END
-- ;;
CREATE TRIGGER shebao_duty_pair_once BEFORE INSERT ON shebao_duty_pair BEGIN
  SELECT RAISE(ABORT, 'SB3041: 不相容岗位不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_duty_pair WHERE a = NEW.a AND b = NEW.b);
END
-- ;;
CREATE TRIGGER shebao_session_once BEFORE INSERT ON shebao_session BEGIN
  SELECT RAISE(ABORT, 'SB3041: 会话不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_session WHERE token_hash = NEW.token_hash);
END
-- ;;
CREATE TRIGGER shebao_roster_line_once BEFORE INSERT ON shebao_roster_line BEGIN
  SELECT RAISE(ABORT, 'SB3041: 花名册行不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_roster_line WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND seq = NEW.seq);
END
-- ;;
CREATE TRIGGER shebao_roster_finding_once BEFORE INSERT ON shebao_roster_finding BEGIN
  SELECT RAISE(ABORT, 'SB3041: 检查结果不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_roster_finding WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND check_no = NEW.check_no AND finding_id = NEW.finding_id);
END
-- ;;
CREATE TRIGGER shebao_roster_finding_line_once BEFORE INSERT ON shebao_roster_finding_line BEGIN
  SELECT RAISE(ABORT, 'SB3041: 检查结果不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_roster_finding_line WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND check_no = NEW.check_no AND finding_id = NEW.finding_id AND seq = NEW.seq);
END
-- ;;
CREATE TRIGGER shebao_release_once BEFORE INSERT ON shebao_release BEGIN
  SELECT RAISE(ABORT, 'SB3041: 放行不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_release WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id);
END
-- ;;
CREATE TRIGGER shebao_bank_batch_once BEFORE INSERT ON shebao_bank_batch BEGIN
  SELECT RAISE(ABORT, 'SB3041: 送盘不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_bank_batch WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id);
END
-- ;;
CREATE TRIGGER shebao_bank_line_once BEFORE INSERT ON shebao_bank_line BEGIN
  SELECT RAISE(ABORT, 'SB3041: 付款行不得覆盖') WHERE
    EXISTS (SELECT 1 FROM shebao_bank_line WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND bank_seq = NEW.bank_seq)
    OR EXISTS (SELECT 1 FROM shebao_bank_line WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND payee = NEW.payee);
END
-- ;;
CREATE TRIGGER shebao_bank_return_once BEFORE INSERT ON shebao_bank_return BEGIN
  SELECT RAISE(ABORT, 'SB3041: 回盘不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_bank_return WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id);
END
-- ;;
CREATE TRIGGER shebao_bank_result_once BEFORE INSERT ON shebao_bank_result BEGIN
  SELECT RAISE(ABORT, 'SB3041: 回盘结果不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_bank_result WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND bank_seq = NEW.bank_seq);
END
-- ;;
-- C1, static half: incompatible duties are never held by one person at one time.
CREATE TRIGGER shebao_grant_enter BEFORE INSERT ON shebao_grant BEGIN
  SELECT RAISE(ABORT, 'SB3041: 授权不得覆盖') WHERE EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.user_id AND duty = NEW.duty AND valid_from = NEW.valid_from);
  SELECT RAISE(ABORT, 'SB3003: 不相容岗位不得授予同一人') WHERE EXISTS (
    SELECT 1 FROM shebao_grant g JOIN shebao_duty_pair p ON (p.a = g.duty AND p.b = NEW.duty) OR (p.b = g.duty AND p.a = NEW.duty)
    WHERE g.user_id = NEW.user_id AND (g.valid_to = '' OR g.valid_to > NEW.valid_from) AND (NEW.valid_to = '' OR g.valid_from < NEW.valid_to)
      AND NOT EXISTS (SELECT 1 FROM shebao_duty_request x JOIN shebao_duty_step y ON y.request_id = x.request_id AND y.step = 'approve'
        WHERE x.kind = 'exemption' AND x.user_id = NEW.user_id AND ((x.duty = g.duty AND x.other = NEW.duty) OR (x.other = g.duty AND x.duty = NEW.duty))
          AND x.valid_from <= NEW.valid_from AND NEW.valid_to <> '' AND x.valid_to >= NEW.valid_to
          AND NOT EXISTS (SELECT 1 FROM shebao_duty_step z WHERE z.request_id = x.request_id AND z.step = 'end')));
END
-- ;;
-- Lines enter while their roster is being built, and never after.
CREATE TRIGGER shebao_roster_line_enter BEFORE INSERT ON shebao_roster_line
WHEN NOT EXISTS (SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state = 'building')
BEGIN SELECT RAISE(ABORT, 'SB3033: 花名册已编成，不得加行'); END
-- ;;
CREATE TRIGGER shebao_roster_enter BEFORE INSERT ON shebao_roster BEGIN
  SELECT RAISE(ABORT, 'SB3033: 新花名册须从编制开始') WHERE NEW.state <> 'building' OR NEW.payment <> 'none' OR NEW.round <> 1 OR NEW.check_no <> 0;
  SELECT RAISE(ABORT, 'SB3041: 花名册编号已用') WHERE EXISTS (SELECT 1 FROM shebao_roster WHERE roster_id = NEW.roster_id);
  SELECT RAISE(ABORT, 'SB3041: 同一文件已有花名册') WHERE EXISTS (
    SELECT 1 FROM shebao_roster WHERE file_id = NEW.file_id AND kind = NEW.kind AND fund = NEW.fund AND state <> 'withdrawn');
END
-- ;;
-- The two state machines: signing and payment; what the header says of its content never changes.
CREATE TRIGGER shebao_roster_move BEFORE UPDATE ON shebao_roster BEGIN
  SELECT RAISE(ABORT, 'SB3041: 花名册的内容不得修改') WHERE OLD.book_id <> NEW.book_id OR OLD.roster_id <> NEW.roster_id OR OLD.fund <> NEW.fund OR OLD.kind <> NEW.kind
    OR OLD.period <> NEW.period OR OLD.file_id <> NEW.file_id OR OLD.line_count <> NEW.line_count OR OLD.gross_fen <> NEW.gross_fen
    OR OLD.net_fen <> NEW.net_fen OR OLD.built_by <> NEW.built_by OR OLD.built_at <> NEW.built_at;
  SELECT RAISE(ABORT, 'SB3033: 花名册状态不能这样改变') WHERE NOT (
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
      AND ((OLD.payment = 'released' AND NEW.payment = 'made') OR (OLD.payment = 'made' AND NEW.payment = 'sent') OR (OLD.payment = 'sent' AND NEW.payment = 'returned'))));
  SELECT RAISE(ABORT, 'SB3034: 明细与花名册头不符') WHERE NEW.state = 'built' AND NOT EXISTS (
    SELECT 1 FROM shebao_roster_line l WHERE l.book_id = NEW.book_id AND l.roster_id = NEW.roster_id
    GROUP BY l.book_id, l.roster_id HAVING COUNT(*) = NEW.line_count AND SUM(l.net_fen) = NEW.net_fen AND SUM(l.gross_fen) = NEW.gross_fen);
  SELECT RAISE(ABORT, 'SB3037: 没有相应的签字') WHERE NEW.state IN ('submitted', 'reviewed', 'authorised') AND NOT EXISTS (
    SELECT 1 FROM shebao_signature s WHERE s.book_id = NEW.book_id AND s.roster_id = NEW.roster_id AND s.round = NEW.round
      AND s.duty = CASE NEW.state WHEN 'submitted' THEN 'HANDLE_ROSTER' WHEN 'reviewed' THEN 'REVIEW' ELSE 'AUTHORISE' END);
  SELECT RAISE(ABORT, 'SB3070: 没有放行') WHERE NEW.payment = 'released'
    AND NOT EXISTS (SELECT 1 FROM shebao_release WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id);
  SELECT RAISE(ABORT, 'SB3075: 没有制单') WHERE NEW.payment = 'made'
    AND NOT EXISTS (SELECT 1 FROM shebao_bank_batch WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id);
  SELECT RAISE(ABORT, 'SB3075: 没有网银复核') WHERE NEW.payment = 'sent'
    AND NOT EXISTS (SELECT 1 FROM shebao_bank_authorisation WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id);
  SELECT RAISE(ABORT, 'SB3075: 没有回盘') WHERE NEW.payment = 'returned'
    AND NOT EXISTS (SELECT 1 FROM shebao_bank_return WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id);
END
-- ;;
-- Findings belong to the check under way; answers and holds come before the signatures.
CREATE TRIGGER shebao_roster_finding_enter BEFORE INSERT ON shebao_roster_finding
WHEN NOT EXISTS (SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state IN ('built', 'checked') AND check_no = NEW.check_no - 1)
BEGIN SELECT RAISE(ABORT, 'SB3033: 检查结果只能在检查时登记'); END
-- ;;
CREATE TRIGGER shebao_roster_finding_line_enter BEFORE INSERT ON shebao_roster_finding_line
WHEN NOT EXISTS (SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state IN ('built', 'checked') AND check_no = NEW.check_no - 1)
BEGIN SELECT RAISE(ABORT, 'SB3033: 检查结果只能在检查时登记'); END
-- ;;
-- What a file covers is counted before it is used and not after; a check names files in use, as they were taken in.
CREATE TRIGGER shebao_source_coverage_enter BEFORE INSERT ON shebao_source_coverage
WHEN EXISTS (SELECT 1 FROM shebao_source_use WHERE file_id = NEW.file_id)
BEGIN SELECT RAISE(ABORT, 'SB3041: 文件启用后不得补记覆盖范围'); END
-- ;;
CREATE TRIGGER shebao_source_use_enter BEFORE INSERT ON shebao_source_use
WHEN NOT EXISTS (SELECT 1 FROM shebao_source_file f WHERE f.file_id = NEW.file_id
  AND f.rows = (SELECT COALESCE(SUM(c.rows), 0) FROM shebao_source_coverage c WHERE c.file_id = f.file_id))
BEGIN SELECT RAISE(ABORT, 'SB3041: 覆盖范围与文件的行数不符'); END
-- ;;
CREATE TRIGGER shebao_roster_source_enter BEFORE INSERT ON shebao_roster_source BEGIN
  SELECT RAISE(ABORT, 'SB3033: 检查所用数据只能在检查时登记') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state IN ('built', 'checked') AND check_no = NEW.check_no - 1);
  SELECT RAISE(ABORT, 'SB3041: 检查只能引用在用的快照') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_source_file f JOIN shebao_source_use u ON u.file_id = f.file_id WHERE f.file_id = NEW.file_id AND f.parquet_sha256 = NEW.parquet_sha256);
END
-- ;;
CREATE TRIGGER shebao_roster_answer_enter BEFORE INSERT ON shebao_roster_answer BEGIN
  SELECT RAISE(ABORT, 'SB3033: 签字后不得再答复') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state = 'checked');
  SELECT RAISE(ABORT, 'SB3036: 拦截疑点不能由经办答复') WHERE EXISTS (
    SELECT 1 FROM shebao_roster_finding f JOIN shebao_roster r ON r.book_id = f.book_id AND r.roster_id = f.roster_id AND r.check_no = f.check_no
    WHERE f.book_id = NEW.book_id AND f.roster_id = NEW.roster_id AND f.finding_id = NEW.finding_id AND f.blocking = 1);
  SELECT RAISE(ABORT, 'SB3041: 答复不得改写') WHERE EXISTS (SELECT 1 FROM shebao_roster_answer
    WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND finding_id = NEW.finding_id AND answer_no = NEW.answer_no);
END
-- ;;
CREATE TRIGGER shebao_hold_enter BEFORE INSERT ON shebao_hold BEGIN
  SELECT RAISE(ABORT, 'SB3033: 签字后不得再暂缓') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state IN ('built', 'checked'));
  SELECT RAISE(ABORT, 'SB3041: 暂缓不得改写') WHERE EXISTS (SELECT 1 FROM shebao_hold WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND seq = NEW.seq);
END
-- ;;
-- C1, C2: a signature in its turn, of this round, by somebody who holds the duty and signed nothing else here, over the handler's digest.
CREATE TRIGGER shebao_signature_enter BEFORE INSERT ON shebao_signature BEGIN
  SELECT RAISE(ABORT, 'SB3033: 未轮到这一签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND round = NEW.round
      AND state = CASE NEW.duty WHEN 'HANDLE_ROSTER' THEN 'checked' WHEN 'REVIEW' THEN 'submitted' ELSE 'reviewed' END);
  SELECT RAISE(ABORT, 'SB3001: 签字人没有这一岗位') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.user_id AND duty = NEW.duty
      AND valid_from <= substr(NEW.signed_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.signed_at));
  SELECT RAISE(ABORT, 'SB3002: 同一人不得以两个岗位签字') WHERE EXISTS (
    SELECT 1 FROM shebao_signature WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND user_id = NEW.user_id AND duty <> NEW.duty);
  SELECT RAISE(ABORT, 'SB3002: 编制人不得审核或授权') WHERE NEW.duty <> 'HANDLE_ROSTER' AND EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND built_by = NEW.user_id);
  SELECT RAISE(ABORT, 'SB3034: 与经办签字的内容不同') WHERE NEW.duty <> 'HANDLE_ROSTER' AND NOT EXISTS (
    SELECT 1 FROM shebao_signature WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND round = NEW.round
      AND duty = 'HANDLE_ROSTER' AND digest = NEW.digest);
  SELECT RAISE(ABORT, 'SB3041: 签字不得改写') WHERE EXISTS (
    SELECT 1 FROM shebao_signature WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND round = NEW.round AND duty = NEW.duty);
END
-- ;;
-- C3: released only after three signatures of this digest by three people, with every blocked line held, and for exactly what is not held.
CREATE TRIGGER shebao_release_enter BEFORE INSERT ON shebao_release BEGIN
  SELECT RAISE(ABORT, 'SB3001: 放行由分管领导办理') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.released_by AND duty = 'AUTHORISE'
      AND valid_from <= substr(NEW.released_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.released_at));
  SELECT RAISE(ABORT, 'SB3033: 未授权，不得放行') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state = 'authorised');
  SELECT RAISE(ABORT, 'SB3037: 放行须三人对同一内容签字') WHERE 3 <> (
    SELECT COUNT(DISTINCT s.user_id) FROM shebao_signature s JOIN shebao_roster r ON r.book_id = s.book_id AND r.roster_id = s.roster_id AND r.round = s.round
    WHERE s.book_id = NEW.book_id AND s.roster_id = NEW.roster_id AND s.digest = NEW.digest);
  SELECT RAISE(ABORT, 'SB3036: 有拦截疑点的行未暂缓') WHERE EXISTS (
    SELECT 1 FROM shebao_roster r
    JOIN shebao_roster_finding f ON f.book_id = r.book_id AND f.roster_id = r.roster_id AND f.check_no = r.check_no AND f.blocking = 1
    JOIN shebao_roster_finding_line l ON l.book_id = f.book_id AND l.roster_id = f.roster_id AND l.check_no = f.check_no AND l.finding_id = f.finding_id
    LEFT JOIN shebao_hold h ON h.book_id = l.book_id AND h.roster_id = l.roster_id AND h.seq = l.seq
    WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND h.seq IS NULL);
  SELECT RAISE(ABORT, 'SB3034: 放行的合计与明细不符') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster_line l LEFT JOIN shebao_hold h ON h.book_id = l.book_id AND h.roster_id = l.roster_id AND h.seq = l.seq
    WHERE l.book_id = NEW.book_id AND l.roster_id = NEW.roster_id AND h.seq IS NULL
    GROUP BY l.book_id, l.roster_id HAVING COUNT(*) = NEW.line_count AND SUM(l.net_fen) = NEW.fen);
END
-- ;;
-- A bank file is made once, of what was released; its return is taken once, by somebody else, and adds up.
CREATE TRIGGER shebao_bank_line_enter BEFORE INSERT ON shebao_bank_line
WHEN NOT EXISTS (SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND payment = 'released')
BEGIN SELECT RAISE(ABORT, 'SB3070: 未放行或已送盘，不得加付款行'); END
-- ;;
CREATE TRIGGER shebao_bank_batch_enter BEFORE INSERT ON shebao_bank_batch BEGIN
  SELECT RAISE(ABORT, 'SB3001: 网银制单由出纳办理') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.sent_by AND duty = 'CASHIER'
      AND valid_from <= substr(NEW.sent_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.sent_at));
  SELECT RAISE(ABORT, 'SB3070: 未放行或已送盘') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND payment = 'released');
  SELECT RAISE(ABORT, 'SB3071: 银行盘与放行不符') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_release r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.fen = NEW.fen AND r.payee_count = NEW.line_count
      AND r.fen = (SELECT COALESCE(SUM(fen), 0) FROM shebao_bank_line l WHERE l.book_id = r.book_id AND l.roster_id = r.roster_id)
      AND r.payee_count = (SELECT COUNT(*) FROM shebao_bank_line l WHERE l.book_id = r.book_id AND l.roster_id = r.roster_id));
  SELECT RAISE(ABORT, 'SB2231: 制单人没有持有制单U盾') WHERE NOT EXISTS (SELECT 1 FROM shebao_token t JOIN shebao_token_act a ON a.token_no = t.token_no JOIN shebao_token_signature s ON s.token_no = a.token_no AND s.act_no = a.act_no
    WHERE t.token_no = NEW.token AND t.kind = 'make_key' AND a.receiver = NEW.sent_by AND NOT EXISTS (SELECT 1 FROM shebao_token_act x WHERE x.token_no = t.token_no AND x.act IN ('lost', 'destroyed'))
      AND NOT EXISTS (SELECT 1 FROM shebao_token_signature z WHERE z.token_no = a.token_no AND z.act_no > a.act_no));
  SELECT RAISE(ABORT, 'SB3041: 批次号已用') WHERE EXISTS (SELECT 1 FROM shebao_bank_batch WHERE batch_no = NEW.batch_no);
END
-- ;;
-- A second key holder authorises the very bytes that the cashier made; nothing counts as sent before.
CREATE TRIGGER shebao_bank_authorisation_enter BEFORE INSERT ON shebao_bank_authorisation BEGIN
  SELECT RAISE(ABORT, 'SB3041: 网银复核不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_bank_authorisation WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id);
  SELECT RAISE(ABORT, 'SB3075: 未制单或已送盘') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND payment = 'made');
  SELECT RAISE(ABORT, 'SB2235: 复核的不是制单的那一份') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_bank_batch WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND sha256 = NEW.sha256);
  SELECT RAISE(ABORT, 'SB3002: 制单人不得复核') WHERE EXISTS (
    SELECT 1 FROM shebao_bank_batch WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND sent_by = NEW.authorised_by);
  SELECT RAISE(ABORT, 'SB3001: 网银复核由会计主管办理') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant WHERE user_id = NEW.authorised_by AND duty = 'CHECK' AND valid_from <= substr(NEW.authorised_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.authorised_at));
  SELECT RAISE(ABORT, 'SB2231: 复核人没有持有复核U盾') WHERE NOT EXISTS (SELECT 1 FROM shebao_token t JOIN shebao_token_act a ON a.token_no = t.token_no JOIN shebao_token_signature s ON s.token_no = a.token_no AND s.act_no = a.act_no
    WHERE t.token_no = NEW.token AND t.kind = 'authorise_key' AND a.receiver = NEW.authorised_by AND NOT EXISTS (SELECT 1 FROM shebao_token_act x WHERE x.token_no = t.token_no AND x.act IN ('lost', 'destroyed'))
      AND NOT EXISTS (SELECT 1 FROM shebao_token_signature z WHERE z.token_no = a.token_no AND z.act_no > a.act_no));
END
-- ;;
CREATE TRIGGER shebao_bank_result_enter BEFORE INSERT ON shebao_bank_result
WHEN NOT EXISTS (SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND payment = 'sent')
BEGIN SELECT RAISE(ABORT, 'SB3075: 未送盘或已回盘'); END
-- ;;
CREATE TRIGGER shebao_bank_return_enter BEFORE INSERT ON shebao_bank_return BEGIN
  SELECT RAISE(ABORT, 'SB3075: 未送盘或已回盘') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND payment = 'sent');
  SELECT RAISE(ABORT, 'SB3002: 送盘人不得接收回盘') WHERE EXISTS (
    SELECT 1 FROM shebao_bank_batch WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND sent_by = NEW.taken_by);
  SELECT RAISE(ABORT, 'SB3002: 网银复核人不得接收回盘') WHERE EXISTS (
    SELECT 1 FROM shebao_bank_authorisation WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND authorised_by = NEW.taken_by);
  SELECT RAISE(ABORT, 'SB3001: 回盘由会计或会计主管接收') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.taken_by AND duty IN ('BOOKKEEP', 'CHECK')
      AND valid_from <= substr(NEW.taken_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.taken_at));
  SELECT RAISE(ABORT, 'SB3073: 回盘与送盘不符') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_bank_line l JOIN shebao_bank_result x ON x.book_id = l.book_id AND x.roster_id = l.roster_id AND x.bank_seq = l.bank_seq
    WHERE l.book_id = NEW.book_id AND l.roster_id = NEW.roster_id
    GROUP BY l.book_id, l.roster_id HAVING COUNT(*) = NEW.paid_count + NEW.failed_count
      AND COUNT(*) = (SELECT line_count FROM shebao_bank_batch b WHERE b.book_id = NEW.book_id AND b.roster_id = NEW.roster_id)
      AND COUNT(*) = (SELECT COUNT(*) FROM shebao_bank_result y WHERE y.book_id = NEW.book_id AND y.roster_id = NEW.roster_id)
      AND SUM(x.ok) = NEW.paid_count AND SUM(CASE WHEN x.ok = 1 THEN l.fen ELSE 0 END) = NEW.paid_fen
      AND SUM(CASE WHEN x.ok = 0 THEN l.fen ELSE 0 END) = NEW.failed_fen);
END
-- ;;
CREATE TRIGGER shebao_comeback_enter BEFORE INSERT ON shebao_comeback
WHEN NOT EXISTS (
  SELECT 1 FROM shebao_roster r JOIN shebao_bank_line l ON l.book_id = r.book_id AND l.roster_id = r.roster_id
  JOIN shebao_bank_result x ON x.book_id = l.book_id AND x.roster_id = l.roster_id AND x.bank_seq = l.bank_seq
  WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.payment = 'returned' AND l.bank_seq = NEW.bank_seq AND x.ok = 1 AND l.fen = NEW.fen)
  OR EXISTS (SELECT 1 FROM shebao_comeback c WHERE c.book_id = NEW.book_id AND c.roster_id = NEW.roster_id AND c.bank_seq = NEW.bank_seq)
  OR EXISTS (SELECT 1 FROM shebao_comeback c WHERE c.comeback_id = NEW.comeback_id OR c.evidence = NEW.evidence)
BEGIN SELECT RAISE(ABORT, 'SB3076: 只有已付成功的款项可登记退票，且只登记一次'); END
