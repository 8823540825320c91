-- Guards of grants in steps, relatives and proofs of identity on PostgreSQL (shebao_refuse is the ledger's). Each statement ends with a line "-- ;;".

-- What is written stays.
CREATE TRIGGER shebao_duty_request_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_duty_request EXECUTE FUNCTION shebao_refuse('SB2166: 授权申请只增不改')
-- ;;
CREATE TRIGGER shebao_duty_step_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_duty_step EXECUTE FUNCTION shebao_refuse('SB2166: 授权步骤只增不改')
-- ;;
CREATE TRIGGER shebao_relative_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_relative EXECUTE FUNCTION shebao_refuse('SB2166: 回避登记只增不改')
-- ;;
CREATE TRIGGER shebao_relative_step_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_relative_step EXECUTE FUNCTION shebao_refuse('SB2166: 回避登记的步骤只增不改')
-- ;;
CREATE TRIGGER shebao_password_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_password EXECUTE FUNCTION shebao_refuse('SB2166: 密码记录只增不改')
-- ;;
CREATE TRIGGER shebao_totp_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_totp EXECUTE FUNCTION shebao_refuse('SB2166: 动态口令只增不改')
-- ;;
CREATE TRIGGER shebao_totp_step_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_totp_step EXECUTE FUNCTION shebao_refuse('SB2166: 动态口令的启用只增不改')
-- ;;
CREATE TRIGGER shebao_totp_use_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_totp_use EXECUTE FUNCTION shebao_refuse('SB2166: 动态口令的使用只增不改')
-- ;;
CREATE TRIGGER shebao_recovery_set_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_recovery_set EXECUTE FUNCTION shebao_refuse('SB2166: 恢复码只增不改')
-- ;;
CREATE TRIGGER shebao_recovery_use_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_recovery_use EXECUTE FUNCTION shebao_refuse('SB2166: 恢复码的使用只增不改')
-- ;;
CREATE TRIGGER shebao_session_proof_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_session_proof EXECUTE FUNCTION shebao_refuse('SB2166: 身份验证只增不改')
-- ;;
-- A request takes the next number, is made by and for people with an account, and asks for nothing but what it names.
CREATE FUNCTION shebao_duty_request_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.request_id <> 1 + (SELECT COUNT(*) FROM shebao_duty_request) THEN
    RAISE EXCEPTION 'SB2166: 授权申请逐号登记';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_user WHERE user_id = NEW.asked_by AND disabled_at = '') THEN
    RAISE EXCEPTION 'SB3009: 申请人没有账号';
  END IF;
  IF NEW.kind = 'exemption' AND NEW.for_user = NEW.user_id THEN
    RAISE EXCEPTION 'SB2120: 补偿控制由另一人负责';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_duty_request_enter BEFORE INSERT ON shebao_duty_request FOR EACH ROW EXECUTE FUNCTION shebao_duty_request_enter_guard()
-- ;;
-- S15: the steps come in their order, each by another person who holds the duty of that step; nobody takes a step for a duty of their own.
CREATE FUNCTION shebao_duty_step_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT ((NEW.step = 'review' AND NEW.duty = 'AUDIT') OR (NEW.step = 'approve' AND NEW.duty = 'HEAD') OR (NEW.step IN ('approve', 'refuse') AND NEW.duty = 'AUTHORISE' AND EXISTS (SELECT 1 FROM shebao_duty_request r WHERE r.request_id = NEW.request_id AND r.kind IN ('emergency')))
    OR (NEW.step = 'grant' AND NEW.duty = 'SECADMIN') OR (NEW.step = 'refuse' AND NEW.duty IN ('AUDIT', 'HEAD', 'SECADMIN')) OR (NEW.step = 'end' AND NEW.duty = 'HEAD')) THEN
    RAISE EXCEPTION 'SB3001: 这一步由规定的岗位办理';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.user_id AND g.duty = NEW.duty AND g.valid_from <= substr(NEW.at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.at)) THEN
    RAISE EXCEPTION 'SB3001: 办理人没有这一岗位';
  END IF;
  IF NEW.step NOT IN ('refuse', 'end') AND EXISTS (SELECT 1 FROM shebao_duty_request r WHERE r.request_id = NEW.request_id AND NEW.user_id IN (r.asked_by, r.user_id)) THEN
    RAISE EXCEPTION 'SB2120: 申请人和被授权人不得办理后面的步骤';
  END IF;
  IF NEW.step NOT IN ('refuse', 'end') AND EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.user_id = NEW.user_id) THEN
    RAISE EXCEPTION 'SB2120: 授权的各步由不同的人办理';
  END IF;
  IF EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.step = 'refuse') OR EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.step = 'end') THEN
    RAISE EXCEPTION 'SB2119: 申请已退回或已终止';
  END IF;
  IF NEW.step = 'review' AND NOT ((EXISTS (SELECT 1 FROM shebao_duty_request r WHERE r.request_id = NEW.request_id AND r.kind IN ('grant', 'deputy')) AND NOT EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.step = 'approve')) OR (EXISTS (SELECT 1 FROM shebao_duty_request r WHERE r.request_id = NEW.request_id AND r.kind IN ('emergency')) AND EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.step = 'approve'))) THEN
    RAISE EXCEPTION 'SB2119: 未轮到内控审核';
  END IF;
  IF NEW.step = 'approve' AND EXISTS (SELECT 1 FROM shebao_duty_request r WHERE r.request_id = NEW.request_id AND r.kind IN ('grant', 'deputy')) AND NOT EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.step = 'review') THEN
    RAISE EXCEPTION 'SB2119: 内控审核之后才能批准';
  END IF;
  IF NEW.step = 'grant' AND NOT (EXISTS (SELECT 1 FROM shebao_duty_request r WHERE r.request_id = NEW.request_id AND r.kind IN ('grant', 'deputy')) AND EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.step = 'approve')) THEN
    RAISE EXCEPTION 'SB2119: 负责人批准之后才能授予';
  END IF;
  IF NEW.step = 'refuse' AND (EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.step = 'grant') OR (EXISTS (SELECT 1 FROM shebao_duty_request r WHERE r.request_id = NEW.request_id AND r.kind IN ('emergency', 'exemption')) AND EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.step = 'approve'))) THEN
    RAISE EXCEPTION 'SB2119: 已授予的不能退回';
  END IF;
  IF NEW.step = 'end' AND NOT (EXISTS (SELECT 1 FROM shebao_duty_request r WHERE r.request_id = NEW.request_id AND r.kind IN ('exemption')) AND EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.step = 'approve')) THEN
    RAISE EXCEPTION 'SB2119: 只有已批准的豁免可以终止';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_duty_step_enter BEFORE INSERT ON shebao_duty_step FOR EACH ROW EXECUTE FUNCTION shebao_duty_step_enter_guard()
-- ;;
-- A duty is granted by the founding, before anybody has ever signed in, or by a request that went through its steps.
CREATE FUNCTION shebao_grant_steps_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT ((NEW.granted_by = 'init' AND NOT EXISTS (SELECT 1 FROM shebao_session)) OR EXISTS (
    SELECT 1 FROM shebao_duty_request r JOIN shebao_duty_step s ON s.request_id = r.request_id
    WHERE ((r.kind IN ('grant', 'deputy') AND s.step = 'grant') OR (r.kind = 'emergency' AND s.step = 'approve'))
      AND r.user_id = NEW.user_id AND r.duty = NEW.duty AND r.valid_from = NEW.valid_from AND r.valid_to = NEW.valid_to
      AND s.user_id = NEW.granted_by AND s.at = NEW.granted_at)) THEN
    RAISE EXCEPTION 'SB2119: 授权须经申请、内控审核、负责人批准、授予四步';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_grant_steps BEFORE INSERT ON shebao_grant FOR EACH ROW EXECUTE FUNCTION shebao_grant_steps_guard()
-- ;;
-- A declaration takes the next number and is made by the person it is about.
CREATE FUNCTION shebao_relative_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.relative_id <> 1 + (SELECT COUNT(*) FROM shebao_relative) THEN
    RAISE EXCEPTION 'SB2166: 回避登记逐号登记';
  END IF;
  IF NEW.declared_by <> NEW.user_id THEN
    RAISE EXCEPTION 'SB2125: 回避登记由本人填报';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_relative_enter BEFORE INSERT ON shebao_relative FOR EACH ROW EXECUTE FUNCTION shebao_relative_enter_guard()
-- ;;
-- A declaration is confirmed, and ended after its owner asked for it, by somebody of the audit office who is not its owner.
CREATE FUNCTION shebao_relative_step_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.step = 'ask_end' AND NOT EXISTS (SELECT 1 FROM shebao_relative r WHERE r.relative_id = NEW.relative_id AND r.user_id = NEW.user_id) THEN
    RAISE EXCEPTION 'SB2125: 撤销由本人申请';
  END IF;
  IF NEW.step <> 'ask_end' AND NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.user_id AND g.duty = 'AUDIT' AND g.valid_from <= substr(NEW.at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.at)) THEN
    RAISE EXCEPTION 'SB3001: 回避登记由稽核审核';
  END IF;
  IF NEW.step <> 'ask_end' AND EXISTS (SELECT 1 FROM shebao_relative r WHERE r.relative_id = NEW.relative_id AND r.user_id = NEW.user_id) THEN
    RAISE EXCEPTION 'SB2120: 本人的登记由另一人审核';
  END IF;
  IF NEW.step = 'end' AND NOT EXISTS (SELECT 1 FROM shebao_relative_step s WHERE s.relative_id = NEW.relative_id AND s.step = 'ask_end') THEN
    RAISE EXCEPTION 'SB2125: 本人申请之后才能撤销';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_relative_step_enter BEFORE INSERT ON shebao_relative_step FOR EACH ROW EXECUTE FUNCTION shebao_relative_step_enter_guard()
-- ;;
-- C7: nobody signs or releases a roster that pays them or a registered relative.
CREATE FUNCTION shebao_signature_kin_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM shebao_relative v JOIN shebao_roster_line l ON l.book_id = NEW.book_id AND l.roster_id = NEW.roster_id AND l.number = v.number
    WHERE v.user_id = NEW.user_id AND NOT EXISTS (SELECT 1 FROM shebao_relative_step s WHERE s.relative_id = v.relative_id AND s.step = 'end')
      AND NOT EXISTS (SELECT 1 FROM shebao_hold h WHERE h.book_id = l.book_id AND h.roster_id = l.roster_id AND h.seq = l.seq)) THEN
    RAISE EXCEPTION 'SB2116: 花名册中有签字人本人或其亲属的款项';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_signature_kin BEFORE INSERT ON shebao_signature FOR EACH ROW EXECUTE FUNCTION shebao_signature_kin_guard()
-- ;;
-- C7: nobody signs or releases a roster that pays them or a registered relative.
CREATE FUNCTION shebao_release_kin_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM shebao_relative v JOIN shebao_roster_line l ON l.book_id = NEW.book_id AND l.roster_id = NEW.roster_id AND l.number = v.number
    WHERE v.user_id = NEW.released_by AND NOT EXISTS (SELECT 1 FROM shebao_relative_step s WHERE s.relative_id = v.relative_id AND s.step = 'end')
      AND NOT EXISTS (SELECT 1 FROM shebao_hold h WHERE h.book_id = l.book_id AND h.roster_id = l.roster_id AND h.seq = l.seq)) THEN
    RAISE EXCEPTION 'SB2116: 花名册中有放行人本人或其亲属的款项';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_release_kin BEFORE INSERT ON shebao_release FOR EACH ROW EXECUTE FUNCTION shebao_release_kin_guard()
-- ;;
-- C7: nobody assesses, reviews or sends back an award of their own or a registered relative, nor asks for or decides a change of theirs, alone or in a whole file.
CREATE FUNCTION shebao_award_kin_assess_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM shebao_relative v
    WHERE v.user_id = NEW.assessed_by AND v.number = NEW.number AND NOT EXISTS (SELECT 1 FROM shebao_relative_step s WHERE s.relative_id = v.relative_id AND s.step = 'end')) THEN RAISE EXCEPTION 'SB2116: 待遇核定涉及核定人本人或其亲属'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_award_kin_assess BEFORE INSERT ON shebao_award FOR EACH ROW EXECUTE FUNCTION shebao_award_kin_assess_guard()
-- ;;
CREATE FUNCTION shebao_award_kin_review_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM shebao_relative v
    WHERE v.user_id = NEW.reviewed_by AND v.number = NEW.number AND NOT EXISTS (SELECT 1 FROM shebao_relative_step s WHERE s.relative_id = v.relative_id AND s.step = 'end')) THEN RAISE EXCEPTION 'SB2116: 待遇核定涉及复核人本人或其亲属'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_award_kin_review BEFORE UPDATE ON shebao_award FOR EACH ROW EXECUTE FUNCTION shebao_award_kin_review_guard()
-- ;;
CREATE FUNCTION shebao_person_change_kin_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM shebao_relative v
    WHERE v.user_id = NEW.requested_by AND (EXISTS (SELECT 1 FROM shebao_person p WHERE p.number = v.number AND p.person_id IN (NEW.person_id, NEW.other_person)) OR EXISTS (SELECT 1 FROM shebao_person_number n WHERE n.number = v.number AND n.person_id IN (NEW.person_id, NEW.other_person))) AND NOT EXISTS (SELECT 1 FROM shebao_relative_step s WHERE s.relative_id = v.relative_id AND s.step = 'end')) THEN RAISE EXCEPTION 'SB2116: 变更涉及申请人本人或其亲属'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_person_change_kin BEFORE INSERT ON shebao_person_change FOR EACH ROW EXECUTE FUNCTION shebao_person_change_kin_guard()
-- ;;
CREATE FUNCTION shebao_person_decision_kin_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM shebao_relative v JOIN shebao_person_change c ON c.change_id = NEW.change_id
    WHERE v.user_id = NEW.decided_by AND (EXISTS (SELECT 1 FROM shebao_person p WHERE p.number = v.number AND p.person_id IN (c.person_id, c.other_person)) OR EXISTS (SELECT 1 FROM shebao_person_number n WHERE n.number = v.number AND n.person_id IN (c.person_id, c.other_person))) AND NOT EXISTS (SELECT 1 FROM shebao_relative_step s WHERE s.relative_id = v.relative_id AND s.step = 'end')) THEN RAISE EXCEPTION 'SB2116: 变更涉及审核人本人或其亲属'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_person_decision_kin BEFORE INSERT ON shebao_person_decision FOR EACH ROW EXECUTE FUNCTION shebao_person_decision_kin_guard()
-- ;;
CREATE FUNCTION shebao_person_bank_account_kin_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM shebao_relative v JOIN shebao_person_knowledge k ON k.knowledge_no = NEW.knowledge_no
    WHERE v.user_id IN (k.requested_by, k.reviewed_by) AND (EXISTS (SELECT 1 FROM shebao_person p WHERE p.number = v.number AND p.person_id IN (NEW.person_id)) OR EXISTS (SELECT 1 FROM shebao_person_number n WHERE n.number = v.number AND n.person_id IN (NEW.person_id))) AND NOT EXISTS (SELECT 1 FROM shebao_relative_step s WHERE s.relative_id = v.relative_id AND s.step = 'end')) THEN RAISE EXCEPTION 'SB2116: 登记的账户属于申请人、审核人本人或其亲属'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_person_bank_account_kin BEFORE INSERT ON shebao_person_bank_account FOR EACH ROW EXECUTE FUNCTION shebao_person_bank_account_kin_guard()
