-- Guards of sweeps, leads and conclusions on PostgreSQL (shebao_refuse is the ledger's). Each statement ends with a line "-- ;;".

CREATE TRIGGER shebao_sweep_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_sweep EXECUTE FUNCTION shebao_refuse('SB3366: 筛查记录只增不改')
-- ;;
CREATE TRIGGER shebao_sweep_rule_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_sweep_rule EXECUTE FUNCTION shebao_refuse('SB3366: 筛查记录只增不改')
-- ;;
CREATE TRIGGER shebao_sweep_rule_text_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_sweep_rule_text EXECUTE FUNCTION shebao_refuse('SB3366: 本单位规则的文本只增不改')
-- ;;
CREATE TRIGGER shebao_finding_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_finding EXECUTE FUNCTION shebao_refuse('SB3366: 疑点只增不改')
-- ;;
CREATE TRIGGER shebao_finding_history_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_finding_history EXECUTE FUNCTION shebao_refuse('SB3366: 疑点的经过只增不改')
-- ;;
CREATE TRIGGER shebao_finding_conclusion_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_finding_conclusion EXECUTE FUNCTION shebao_refuse('SB3366: 疑点的结论只增不改')
-- ;;
CREATE TRIGGER shebao_finding_review_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_finding_review EXECUTE FUNCTION shebao_refuse('SB3366: 结论的复核只增不改')
-- ;;
-- A sweep takes the next number and is run by the audit office.
CREATE FUNCTION shebao_sweep_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.sweep_no <> 1 + (SELECT COALESCE(MAX(w.sweep_no), 0) FROM shebao_sweep w) THEN RAISE EXCEPTION 'SB3367: 筛查逐次连续编号'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.swept_by AND g.duty = 'AUDIT' AND g.valid_from <= substr(NEW.swept_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.swept_at)) THEN RAISE EXCEPTION 'SB3001: 由稽核筛查'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_sweep_enter BEFORE INSERT ON shebao_sweep FOR EACH ROW EXECUTE FUNCTION shebao_sweep_enter_guard()
-- ;;
-- What a rule had seen comes with its sweep, and a sweep that is not kept has none.
CREATE FUNCTION shebao_sweep_rule_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM shebao_sweep_rule r WHERE r.sweep_no = NEW.sweep_no AND r.rule = NEW.rule) THEN RAISE EXCEPTION 'SB3366: 筛查记录只增不改'; END IF;
  IF NEW.sweep_no <> (SELECT COALESCE(MAX(w.sweep_no), 0) FROM shebao_sweep w) OR NOT EXISTS (SELECT 1 FROM shebao_sweep w WHERE w.sweep_no = NEW.sweep_no AND w.kept = 1) THEN RAISE EXCEPTION 'SB3367: 规则的筛查情况随筛查登记'; END IF;
  IF substr(NEW.rule, 1, 1) = 'X' AND NOT EXISTS (SELECT 1 FROM shebao_sweep_rule_text t WHERE t.rule = NEW.rule AND t.sha256 = substr(NEW.law, 1, 64)) THEN RAISE EXCEPTION 'SB3375: 本单位规则没有登记文本'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_sweep_rule_enter BEFORE INSERT ON shebao_sweep_rule FOR EACH ROW EXECUTE FUNCTION shebao_sweep_rule_enter_guard()
-- ;;
-- The text of a rule of the office's own comes with the sweep that first ran it.
CREATE FUNCTION shebao_sweep_rule_text_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM shebao_sweep_rule_text t WHERE t.rule = NEW.rule AND t.sha256 = NEW.sha256) THEN RAISE EXCEPTION 'SB3366: 本单位规则的文本只增不改'; END IF;
  IF NEW.first_sweep <> (SELECT COALESCE(MAX(w.sweep_no), 0) FROM shebao_sweep w) OR substr(NEW.rule, 1, 1) <> 'X' THEN RAISE EXCEPTION 'SB3367: 本单位规则的文本随筛查登记'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_sweep_rule_text_enter BEFORE INSERT ON shebao_sweep_rule_text FOR EACH ROW EXECUTE FUNCTION shebao_sweep_rule_text_enter_guard()
-- ;;
-- A lead is first seen by the sweep at hand.
CREATE FUNCTION shebao_finding_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM shebao_finding f WHERE f.finding_id = NEW.finding_id) THEN RAISE EXCEPTION 'SB3366: 疑点只增不改'; END IF;
  IF NEW.first_sweep <> (SELECT COALESCE(MAX(w.sweep_no), 0) FROM shebao_sweep w) THEN RAISE EXCEPTION 'SB3367: 疑点随筛查登记'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_finding_enter BEFORE INSERT ON shebao_finding FOR EACH ROW EXECUTE FUNCTION shebao_finding_enter_guard()
-- ;;
-- The history of a lead runs version by version; gone is gone once, and what is gone may come back.
CREATE FUNCTION shebao_finding_history_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version <> 1 + COALESCE((SELECT MAX(h.version) FROM shebao_finding_history h WHERE h.finding_id = NEW.finding_id), 0) THEN RAISE EXCEPTION 'SB3368: 疑点的经过逐版登记'; END IF;
  IF NEW.sweep_no <> (SELECT COALESCE(MAX(w.sweep_no), 0) FROM shebao_sweep w) OR EXISTS (SELECT 1 FROM shebao_finding_history h WHERE h.finding_id = NEW.finding_id AND h.sweep_no = NEW.sweep_no) THEN RAISE EXCEPTION 'SB3367: 疑点的经过随筛查登记'; END IF;
  IF (NEW.state = 'found') <> (COALESCE((SELECT h.state FROM shebao_finding_history h WHERE h.finding_id = NEW.finding_id ORDER BY h.version DESC LIMIT 1), '') = '') OR (NEW.state = 'returned') <> (COALESCE((SELECT h.state FROM shebao_finding_history h WHERE h.finding_id = NEW.finding_id ORDER BY h.version DESC LIMIT 1), '') = 'withdrawn') THEN RAISE EXCEPTION 'SB3368: 疑点先查出，再变化、消失或重现'; END IF;
  IF (NEW.state = 'withdrawn') <> (NEW.cause IN ('facts', 'text', 'program')) OR (NEW.state <> 'withdrawn' AND NEW.cause <> '') THEN RAISE EXCEPTION 'SB3368: 疑点消失须说明原因'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_finding_history_enter BEFORE INSERT ON shebao_finding_history FOR EACH ROW EXECUTE FUNCTION shebao_finding_history_enter_guard()
-- ;;
-- A conclusion is drawn by the audit office on the lead as it stands; one at a time, and not again while the facts are the same.
CREATE FUNCTION shebao_finding_conclusion_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.conclusion_no <> 1 + COALESCE((SELECT MAX(c.conclusion_no) FROM shebao_finding_conclusion c WHERE c.finding_id = NEW.finding_id), 0) THEN RAISE EXCEPTION 'SB3366: 疑点的结论逐次登记'; END IF;
  IF EXISTS (SELECT 1 FROM shebao_finding_conclusion c WHERE c.finding_id = NEW.finding_id AND NOT EXISTS (SELECT 1 FROM shebao_finding_review v WHERE v.finding_id = c.finding_id AND v.conclusion_no = c.conclusion_no)) THEN RAISE EXCEPTION 'SB3369: 上一结论尚待复核'; END IF;
  IF EXISTS (SELECT 1 FROM shebao_finding_conclusion c JOIN shebao_finding_review v ON v.finding_id = c.finding_id AND v.conclusion_no = c.conclusion_no AND v.step = 'agree' WHERE c.finding_id = NEW.finding_id AND c.conclusion_no = NEW.conclusion_no - 1 AND c.facts = NEW.facts) THEN RAISE EXCEPTION 'SB3370: 事实未变，已有结论'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_finding_history h WHERE h.finding_id = NEW.finding_id AND h.version = NEW.version AND h.facts = NEW.facts AND h.state <> 'withdrawn' AND h.version = (SELECT MAX(l.version) FROM shebao_finding_history l WHERE l.finding_id = NEW.finding_id)) THEN RAISE EXCEPTION 'SB3371: 结论只对现有的事实作出'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.concluded_by AND g.duty = 'AUDIT' AND g.valid_from <= substr(NEW.concluded_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.concluded_at)) THEN RAISE EXCEPTION 'SB3001: 由稽核作出结论'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_finding_conclusion_enter BEFORE INSERT ON shebao_finding_conclusion FOR EACH ROW EXECUTE FUNCTION shebao_finding_conclusion_enter_guard()
-- ;;
-- Another person of the audit office agrees or refuses, once, while the facts are still those of the conclusion.
CREATE FUNCTION shebao_finding_review_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM shebao_finding_review v WHERE v.finding_id = NEW.finding_id AND v.conclusion_no = NEW.conclusion_no) THEN RAISE EXCEPTION 'SB3372: 结论已经复核'; END IF;
  IF EXISTS (SELECT 1 FROM shebao_finding_conclusion c WHERE c.finding_id = NEW.finding_id AND c.conclusion_no = NEW.conclusion_no AND c.concluded_by = NEW.reviewed_by) THEN RAISE EXCEPTION 'SB3373: 作出结论的人不得复核'; END IF;
  IF NEW.step = 'agree' AND NOT EXISTS (SELECT 1 FROM shebao_finding_conclusion c JOIN shebao_finding_history h ON h.finding_id = c.finding_id AND h.facts = c.facts AND h.state <> 'withdrawn' WHERE c.finding_id = NEW.finding_id AND c.conclusion_no = NEW.conclusion_no AND h.version = (SELECT MAX(l.version) FROM shebao_finding_history l WHERE l.finding_id = NEW.finding_id)) THEN RAISE EXCEPTION 'SB3374: 事实已变，结论只能退回'; END IF;
  IF NEW.step = 'refuse' AND NEW.note = '' THEN RAISE EXCEPTION 'SB3372: 退回须写意见'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.reviewed_by AND g.duty = 'AUDIT' AND g.valid_from <= substr(NEW.reviewed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.reviewed_at)) THEN RAISE EXCEPTION 'SB3001: 由稽核复核'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_finding_review_enter BEFORE INSERT ON shebao_finding_review FOR EACH ROW EXECUTE FUNCTION shebao_finding_review_enter_guard()
