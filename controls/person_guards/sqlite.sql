-- Guards of changes in the register of persons (C1, C2) on SQLite. Each statement ends with a line "-- ;;".

-- Requests and decisions are only added.
CREATE TRIGGER shebao_person_change_keep BEFORE UPDATE ON shebao_person_change BEGIN SELECT RAISE(ABORT, 'SB3113: 变更申请和审核不得修改'); END
-- ;;
CREATE TRIGGER shebao_person_change_stay BEFORE DELETE ON shebao_person_change BEGIN SELECT RAISE(ABORT, 'SB3113: 变更申请和审核不得删除'); END
-- ;;
CREATE TRIGGER shebao_person_decision_keep BEFORE UPDATE ON shebao_person_decision BEGIN SELECT RAISE(ABORT, 'SB3113: 变更申请和审核不得修改'); END
-- ;;
CREATE TRIGGER shebao_person_decision_stay BEFORE DELETE ON shebao_person_decision BEGIN SELECT RAISE(ABORT, 'SB3113: 变更申请和审核不得删除'); END
-- ;;
CREATE TRIGGER shebao_roster_person_change_keep BEFORE UPDATE ON shebao_roster_person_change BEGIN SELECT RAISE(ABORT, 'SB3113: 变更申请和审核不得修改'); END
-- ;;
CREATE TRIGGER shebao_roster_person_change_stay BEFORE DELETE ON shebao_roster_person_change BEGIN SELECT RAISE(ABORT, 'SB3113: 变更申请和审核不得删除'); END
-- ;;
-- A change is asked for by somebody who holds the duty; accounts and identity by 登记经办 alone (S12).
CREATE TRIGGER shebao_person_change_enter BEFORE INSERT ON shebao_person_change BEGIN
  SELECT RAISE(ABORT, 'SB3113: 变更申请编号已用') WHERE EXISTS (SELECT 1 FROM shebao_person_change WHERE change_id = NEW.change_id);
  SELECT RAISE(ABORT, 'SB3001: 申请人没有这一岗位') WHERE (NEW.requested_duty <> 'HANDLE_REGISTER' AND NOT (NEW.kind = 'status' AND NEW.requested_duty IN ('HANDLE_CERTIFY', 'HANDLE_ASSESS')))
    OR NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.requested_by AND duty = NEW.requested_duty
      AND valid_from <= substr(NEW.requested_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.requested_at));
END
-- ;;
-- C1, C2: decided once, by another who holds REVIEW and did not handle the roster of that fund and month, over what was asked for.
CREATE TRIGGER shebao_person_decision_enter BEFORE INSERT ON shebao_person_decision BEGIN
  SELECT RAISE(ABORT, 'SB3105: 变更申请已审核') WHERE EXISTS (SELECT 1 FROM shebao_person_decision WHERE change_id = NEW.change_id);
  SELECT RAISE(ABORT, 'SB3002: 申请与审核不得同一人') WHERE EXISTS (SELECT 1 FROM shebao_person_change WHERE change_id = NEW.change_id AND requested_by = NEW.decided_by);
  SELECT RAISE(ABORT, 'SB3001: 审核人没有审核岗位') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.decided_by AND duty = 'REVIEW'
      AND valid_from <= substr(NEW.decided_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.decided_at));
  SELECT RAISE(ABORT, 'SB3106: 审核的内容与申请不符') WHERE NOT EXISTS (SELECT 1 FROM shebao_person_change WHERE change_id = NEW.change_id AND digest = NEW.digest);
  SELECT RAISE(ABORT, 'SB3002: 经办过该月花名册的人不得审核账户变更') WHERE EXISTS (
    SELECT 1 FROM shebao_person_change c JOIN shebao_roster r ON r.fund = c.fund AND c.from_on = CAST(r.period / 100 AS TEXT) || '-' || substr('0' || CAST(r.period % 100 AS TEXT), -2) || '-01'
    WHERE c.change_id = NEW.change_id AND c.kind IN ('bank_account', 'bank_accounts') AND (r.built_by = NEW.decided_by
      OR EXISTS (SELECT 1 FROM shebao_signature s WHERE s.book_id = r.book_id AND s.roster_id = r.roster_id AND s.duty = 'HANDLE_ROSTER' AND s.user_id = NEW.decided_by)
      OR EXISTS (SELECT 1 FROM shebao_roster_answer a WHERE a.book_id = r.book_id AND a.roster_id = r.roster_id AND a.answered_by = NEW.decided_by)));
END
-- ;;
-- No third door into the register: a load is a people file taken in, a change is one that was accepted, with its two signers.
CREATE TRIGGER shebao_person_knowledge_from BEFORE INSERT ON shebao_person_knowledge BEGIN
  SELECT RAISE(ABORT, 'SB3113: 没有这份人员名单') WHERE NEW.kind = 'load' AND NOT EXISTS (SELECT 1 FROM shebao_source_file WHERE file_id = NEW.source_id AND contract = 'people');
  SELECT RAISE(ABORT, 'SB1404: 没有审核通过的变更申请') WHERE NEW.kind = 'change' AND NOT EXISTS (
    SELECT 1 FROM shebao_person_change c JOIN shebao_person_decision d ON d.change_id = c.change_id AND d.decision = 'accepted' AND d.digest = c.digest
    WHERE c.change_id = NEW.source_id AND c.requested_by = NEW.requested_by AND d.decided_by = NEW.reviewed_by);
END
-- ;;
-- C2: a signature of 经办 or of a reviewer keeps apart from the changes of accounts that take effect in that month.
CREATE TRIGGER shebao_signature_person BEFORE INSERT ON shebao_signature BEGIN
  SELECT RAISE(ABORT, 'SB3002: 审核过该月账户变更的人不得经办花名册，申请人不得审核、授权花名册') WHERE EXISTS (
    SELECT 1 FROM shebao_roster r JOIN shebao_person_change c ON c.fund = r.fund AND c.from_on = CAST(r.period / 100 AS TEXT) || '-' || substr('0' || CAST(r.period % 100 AS TEXT), -2) || '-01'
    JOIN shebao_person_decision d ON d.change_id = c.change_id AND d.decision = 'accepted'
    WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND c.kind IN ('bank_account', 'bank_accounts')
      AND ((NEW.duty = 'HANDLE_ROSTER' AND d.decided_by = NEW.user_id) OR c.requested_by = NEW.user_id));
END
-- ;;
-- What enters is what was reviewed, field by field; a whole file of first accounts only where there was none.
CREATE TRIGGER shebao_person_bank_account_reviewed BEFORE INSERT ON shebao_person_bank_account BEGIN
  SELECT RAISE(ABORT, 'SB3113: 登记的内容与审核过的申请不符') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge k JOIN shebao_person_change c ON c.change_id = k.source_id
    WHERE k.knowledge_no = NEW.knowledge_no AND k.kind = 'change' AND c.fund = NEW.fund AND c.from_on = NEW.from_on AND c.to_on = NEW.to_on AND (
      (c.kind = 'bank_account' AND c.person_id = NEW.person_id AND c.value = NEW.bank_account AND c.holder = NEW.holder AND c.relation = NEW.relation AND c.bank = NEW.bank)
      OR (c.kind = 'bank_accounts' AND NEW.relation = 'self' AND NOT EXISTS (
        SELECT 1 FROM shebao_person_bank_account b WHERE b.fund = NEW.fund AND b.person_id = NEW.person_id AND b.knowledge_no <> NEW.knowledge_no))));
END
-- ;;
CREATE TRIGGER shebao_person_status_reviewed BEFORE INSERT ON shebao_person_status WHEN NEW.signed = 1 BEGIN
  SELECT RAISE(ABORT, 'SB3113: 登记的内容与审核过的申请不符') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge k JOIN shebao_person_change c ON c.change_id = k.source_id
    WHERE k.knowledge_no = NEW.knowledge_no AND k.kind = 'change' AND c.kind = 'status' AND c.fund = NEW.fund AND c.region = NEW.region AND c.person_id = NEW.person_id AND c.value = NEW.status AND c.from_on = NEW.from_on AND c.to_on = NEW.to_on);
END
-- ;;
CREATE TRIGGER shebao_person_number_reviewed BEFORE INSERT ON shebao_person_number WHEN NEW.signed = 1 BEGIN
  SELECT RAISE(ABORT, 'SB3113: 登记的内容与审核过的申请不符') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge k JOIN shebao_person_change c ON c.change_id = k.source_id
    WHERE k.knowledge_no = NEW.knowledge_no AND k.kind = 'change' AND c.kind = 'number' AND c.person_id = NEW.person_id AND c.value = NEW.number AND c.from_on = NEW.from_on AND c.to_on = NEW.to_on);
END
-- ;;
CREATE TRIGGER shebao_person_name_reviewed BEFORE INSERT ON shebao_person_name WHEN NEW.signed = 1 BEGIN
  SELECT RAISE(ABORT, 'SB3113: 登记的内容与审核过的申请不符') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge k JOIN shebao_person_change c ON c.change_id = k.source_id
    WHERE k.knowledge_no = NEW.knowledge_no AND k.kind = 'change' AND c.kind = 'name' AND c.person_id = NEW.person_id AND c.value = NEW.name AND c.from_on = NEW.from_on AND c.to_on = NEW.to_on);
END
-- ;;
CREATE TRIGGER shebao_person_link_reviewed BEFORE INSERT ON shebao_person_link BEGIN
  SELECT RAISE(ABORT, 'SB3113: 登记的内容与审核过的申请不符') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge k JOIN shebao_person_change c ON c.change_id = k.source_id
    WHERE k.knowledge_no = NEW.knowledge_no AND k.kind = 'change' AND c.person_id = NEW.person_id AND c.other_person = NEW.same_as AND c.kind = CASE NEW.linked WHEN 1 THEN 'link' ELSE 'part' END);
END
-- ;;
CREATE TRIGGER shebao_roster_person_change_enter BEFORE INSERT ON shebao_roster_person_change BEGIN
  SELECT RAISE(ABORT, 'SB3033: 账户变更只能在检查时列入') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state IN ('built', 'checked') AND check_no = NEW.check_no - 1);
  SELECT RAISE(ABORT, 'SB3113: 账户变更不得重复列入') WHERE EXISTS (
    SELECT 1 FROM shebao_roster_person_change WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND check_no = NEW.check_no AND change_id = NEW.change_id);
END
