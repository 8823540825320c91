-- Guards of seals and online-banking keys (印鉴、U盾) on SQLite. Each statement ends with a line "-- ;;".

-- What is written stays; things are numbered, acts come in order, each with the signature of another person.
CREATE TRIGGER shebao_token_keep BEFORE UPDATE ON shebao_token BEGIN SELECT RAISE(ABORT, 'SB2234: 印鉴、U盾的登记只增不改'); END
-- ;;
CREATE TRIGGER shebao_token_stay BEFORE DELETE ON shebao_token BEGIN SELECT RAISE(ABORT, 'SB2234: 印鉴、U盾的登记只增不改'); END
-- ;;
CREATE TRIGGER shebao_token_enter BEFORE INSERT ON shebao_token BEGIN
  SELECT RAISE(ABORT, 'SB2234: 印鉴、U盾连续编号，同种编号只登记一次') WHERE NEW.token_no <> 1 + COALESCE((SELECT MAX(t.token_no) FROM shebao_token t), 0) OR EXISTS (SELECT 1 FROM shebao_token t WHERE t.kind = NEW.kind AND t.label = NEW.label);
  SELECT RAISE(ABORT, 'SB3001: 印鉴、U盾由负责人或安全管理员登记') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.registered_by AND g.duty IN ('HEAD', 'AUTHORISE', 'SECADMIN') AND g.valid_from <= substr(NEW.registered_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.registered_at));
END
-- ;;
CREATE TRIGGER shebao_token_act_keep BEFORE UPDATE ON shebao_token_act BEGIN SELECT RAISE(ABORT, 'SB2234: 印鉴、U盾的登记只增不改'); END
-- ;;
CREATE TRIGGER shebao_token_act_stay BEFORE DELETE ON shebao_token_act BEGIN SELECT RAISE(ABORT, 'SB2234: 印鉴、U盾的登记只增不改'); END
-- ;;
CREATE TRIGGER shebao_token_act_enter BEFORE INSERT ON shebao_token_act BEGIN
  SELECT RAISE(ABORT, 'SB2234: 印鉴、U盾的登记逐次连续') WHERE NEW.act_no <> 1 + COALESCE((SELECT MAX(a.act_no) FROM shebao_token_act a WHERE a.token_no = NEW.token_no), 0) OR (NEW.act_no = 1) <> (NEW.act = 'issue');
  SELECT RAISE(ABORT, 'SB2232: 已挂失或销毁的印鉴、U盾不再办理') WHERE EXISTS (SELECT 1 FROM shebao_token_act x WHERE x.token_no = NEW.token_no AND (x.act = 'destroyed' OR (x.act = 'lost' AND NEW.act <> 'destroyed')));
  SELECT RAISE(ABORT, 'SB2232: 上一次交接尚未签收') WHERE NEW.act <> 'lost' AND NEW.act_no > 1 AND NOT EXISTS (SELECT 1 FROM shebao_token_signature s WHERE s.token_no = NEW.token_no AND s.act_no = NEW.act_no - 1);
  SELECT RAISE(ABORT, 'SB2232: 由持有人交出，不能交给自己') WHERE (NEW.act = 'hand_over' AND (NEW.acted_by <> NEW.giver OR NEW.giver = NEW.receiver OR NOT EXISTS (SELECT 1 FROM shebao_token_act a JOIN shebao_token_signature s ON s.token_no = a.token_no AND s.act_no = a.act_no WHERE a.token_no = NEW.token_no AND a.receiver = NEW.giver AND NOT EXISTS (SELECT 1 FROM shebao_token_signature z WHERE z.token_no = a.token_no AND z.act_no > a.act_no)))) OR (NEW.act = 'issue' AND (NEW.giver <> '' OR NEW.acted_by = NEW.receiver));
  SELECT RAISE(ABORT, 'SB3001: 印鉴、U盾由负责人或安全管理员发放、销毁，挂失也可由持有人提出') WHERE NEW.act <> 'hand_over' AND NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.acted_by AND g.duty IN ('HEAD', 'AUTHORISE', 'SECADMIN') AND g.valid_from <= substr(NEW.acted_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.acted_at)) AND NOT (NEW.act = 'lost' AND EXISTS (SELECT 1 FROM shebao_token_act a JOIN shebao_token_signature s ON s.token_no = a.token_no AND s.act_no = a.act_no WHERE a.token_no = NEW.token_no AND a.receiver = NEW.acted_by AND NOT EXISTS (SELECT 1 FROM shebao_token_signature z WHERE z.token_no = a.token_no AND z.act_no > a.act_no)));
END
-- ;;
CREATE TRIGGER shebao_token_signature_keep BEFORE UPDATE ON shebao_token_signature BEGIN SELECT RAISE(ABORT, 'SB2234: 印鉴、U盾的登记只增不改'); END
-- ;;
CREATE TRIGGER shebao_token_signature_stay BEFORE DELETE ON shebao_token_signature BEGIN SELECT RAISE(ABORT, 'SB2234: 印鉴、U盾的登记只增不改'); END
-- ;;
CREATE TRIGGER shebao_token_signature_enter BEFORE INSERT ON shebao_token_signature BEGIN
  SELECT RAISE(ABORT, 'SB2234: 一次只签收一次') WHERE EXISTS (SELECT 1 FROM shebao_token_signature s WHERE s.token_no = NEW.token_no AND s.act_no = NEW.act_no);
  SELECT RAISE(ABORT, 'SB3002: 由另一人签收') WHERE EXISTS (SELECT 1 FROM shebao_token_act a WHERE a.token_no = NEW.token_no AND a.act_no = NEW.act_no AND a.acted_by = NEW.signed_by);
  SELECT RAISE(ABORT, 'SB2232: 由接收人签收') WHERE EXISTS (SELECT 1 FROM shebao_token_act a WHERE a.token_no = NEW.token_no AND a.act_no = NEW.act_no AND a.act IN ('issue', 'hand_over') AND (a.receiver <> NEW.signed_by OR EXISTS (SELECT 1 FROM shebao_token_act x WHERE x.token_no = a.token_no AND x.act IN ('lost', 'destroyed'))));
  SELECT RAISE(ABORT, 'SB3001: 挂失、销毁由另一负责人、安全管理员或会计主管签字') WHERE EXISTS (SELECT 1 FROM shebao_token_act a WHERE a.token_no = NEW.token_no AND a.act_no = NEW.act_no AND a.act IN ('lost', 'destroyed')) AND NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.signed_by AND g.duty IN ('HEAD', 'AUTHORISE', 'SECADMIN', 'CHECK') AND g.valid_from <= substr(NEW.signed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.signed_at));
  SELECT RAISE(ABORT, 'SB2233: 不相容的印鉴、U盾不得由一人持有') WHERE EXISTS (SELECT 1 FROM shebao_token t JOIN shebao_token_act a ON a.token_no = t.token_no JOIN shebao_token_signature s ON s.token_no = a.token_no AND s.act_no = a.act_no
    WHERE t.kind = (SELECT CASE n.kind WHEN 'make_key' THEN 'authorise_key' WHEN 'authorise_key' THEN 'make_key' WHEN 'finance_seal' THEN 'legal_seal' ELSE 'finance_seal' END FROM shebao_token n WHERE n.token_no = NEW.token_no) AND a.receiver = NEW.signed_by AND NOT EXISTS (SELECT 1 FROM shebao_token_act x WHERE x.token_no = t.token_no AND x.act IN ('lost', 'destroyed'))
      AND NOT EXISTS (SELECT 1 FROM shebao_token_signature z WHERE z.token_no = a.token_no AND z.act_no > a.act_no))
    AND EXISTS (SELECT 1 FROM shebao_token_act a WHERE a.token_no = NEW.token_no AND a.act_no = NEW.act_no AND a.act IN ('issue', 'hand_over'));
END
