-- Guards of vouchers (C1, C2) before they are posted, on PostgreSQL (shebao_refuse is the ledger's). Each statement ends with a line "-- ;;".

-- C2: what a voucher says never changes; a wrong one is sent back and proposed anew.
CREATE TRIGGER shebao_voucher_line_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_voucher_line
  EXECUTE FUNCTION shebao_refuse('SB3103: 凭证分录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_voucher_stay BEFORE DELETE OR TRUNCATE ON shebao_voucher EXECUTE FUNCTION shebao_refuse('SB3103: 凭证不得删除')
-- ;;
CREATE FUNCTION shebao_voucher_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_voucher WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND state = 'proposed') THEN
    RAISE EXCEPTION 'SB3103: 凭证已制单，不得加行';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_voucher_line_enter BEFORE INSERT ON shebao_voucher_line FOR EACH ROW EXECUTE FUNCTION shebao_voucher_line_guard()
-- ;;
CREATE FUNCTION shebao_voucher_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'proposed' OR NEW.maker <> '' OR NEW.reviewer <> '' OR NEW.reviewed_digest <> '' OR NEW.papers_digest <> ''
     OR NEW.cashier <> '' OR NEW.entry_id IS NOT NULL THEN
    RAISE EXCEPTION 'SB3102: 新凭证须从待制单开始';
  END IF;
  IF EXISTS (SELECT 1 FROM shebao_voucher WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id) THEN
    RAISE EXCEPTION 'SB3103: 凭证流水号已用';
  END IF;
  IF EXISTS (SELECT 1 FROM shebao_voucher WHERE book_id = NEW.book_id AND source_key = NEW.source_key AND state <> 'rejected') THEN
    RAISE EXCEPTION 'SB1104: 原始凭据已提出凭证';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_voucher_enter BEFORE INSERT ON shebao_voucher FOR EACH ROW EXECUTE FUNCTION shebao_voucher_enter_guard()
-- ;;
-- C2: what is said is said. Posting names the state and the entry alone, so it never comes here.
CREATE FUNCTION shebao_voucher_keep_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.book_id, OLD.voucher_id, OLD.period, OLD.day, OLD.kind, OLD.event, OLD.summary, OLD.attachments, OLD.authority, OLD.source_key, OLD.documents,
      OLD.closing, OLD.corrects, OLD.payout_source, OLD.payout_count, OLD.payout_fen, OLD.payout_digest,
      OLD.contribution_source, OLD.contribution_count, OLD.contribution_fen, OLD.contribution_digest, OLD.digest, OLD.proposed_by, OLD.proposed_at)
     IS DISTINCT FROM
     (NEW.book_id, NEW.voucher_id, NEW.period, NEW.day, NEW.kind, NEW.event, NEW.summary, NEW.attachments, NEW.authority, NEW.source_key, NEW.documents,
      NEW.closing, NEW.corrects, NEW.payout_source, NEW.payout_count, NEW.payout_fen, NEW.payout_digest,
      NEW.contribution_source, NEW.contribution_count, NEW.contribution_fen, NEW.contribution_digest, NEW.digest, NEW.proposed_by, NEW.proposed_at)
     OR (OLD.maker <> '' AND (OLD.maker <> NEW.maker OR OLD.made_at <> NEW.made_at))
     OR (OLD.reviewer <> '' AND (OLD.reviewer <> NEW.reviewer OR OLD.reviewed_at <> NEW.reviewed_at OR OLD.reviewed_digest <> NEW.reviewed_digest))
     OR (OLD.papers_digest <> NEW.papers_digest AND NOT (OLD.state = 'made' AND NEW.state = 'reviewed'))
     OR OLD.cash <> NEW.cash OR (OLD.cashier <> NEW.cashier AND (OLD.cashier <> '' OR OLD.state <> NEW.state))
     OR (OLD.cashier_at <> NEW.cashier_at AND OLD.cashier = NEW.cashier)
     OR (OLD.note <> NEW.note AND NEW.state <> 'rejected') THEN
    RAISE EXCEPTION 'SB3103: 凭证内容不得修改';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_voucher_keep BEFORE UPDATE OF book_id, voucher_id, period, day, kind, event, summary, attachments, authority, source_key, documents, closing, corrects, payout_source, payout_count,
  payout_fen, payout_digest, contribution_source, contribution_count, contribution_fen, contribution_digest, digest, proposed_by, proposed_at, maker, made_at,
  reviewer, reviewed_at, reviewed_digest, papers_digest, cash, cashier, cashier_at, note ON shebao_voucher
  FOR EACH ROW EXECUTE FUNCTION shebao_voucher_keep_guard()
-- ;;
-- C1, C2: the steps in their order, by two people, over one digest.
CREATE FUNCTION shebao_voucher_move_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT ((OLD.state = 'proposed' AND NEW.state = 'made' AND NEW.maker <> '' AND NEW.reviewer = '')
    OR (OLD.state = 'made' AND NEW.state = 'reviewed' AND NEW.reviewer <> '')
    OR (OLD.state IN ('made', 'reviewed') AND NEW.state = OLD.state AND OLD.cashier = '' AND NEW.cashier <> ''
      AND OLD.maker = NEW.maker AND OLD.reviewer = NEW.reviewer)
    OR (OLD.state IN ('proposed', 'made', 'reviewed') AND NEW.state = 'rejected' AND OLD.maker = NEW.maker AND OLD.reviewer = NEW.reviewer)) THEN
    RAISE EXCEPTION 'SB3102: 凭证依次 提出→制单→审核→记账';
  END IF;
  IF NEW.reviewer <> '' AND NEW.reviewer = NEW.maker THEN RAISE EXCEPTION 'SB3002: 制单与审核不得同一人'; END IF;
  IF NEW.cashier <> '' AND NEW.cashier IN (NEW.maker, NEW.reviewer) THEN RAISE EXCEPTION 'SB3002: 出纳不得制单或审核'; END IF;
  IF NEW.reviewer <> '' AND NEW.reviewed_digest <> NEW.digest THEN RAISE EXCEPTION 'SB3103: 审核的内容与凭证不符'; END IF;
  IF OLD.state = 'made' AND NEW.state = 'reviewed' AND (NEW.papers_digest <> '')
    <> EXISTS (SELECT 1 FROM shebao_attachment WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND detached_at = '') THEN
    RAISE EXCEPTION 'SB3103: 审核须连同附件';
  END IF;
  IF NEW.entry_id IS NOT NULL THEN RAISE EXCEPTION 'SB3103: 记账的内容与审核的不符'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_voucher_move BEFORE UPDATE ON shebao_voucher
  FOR EACH ROW WHEN (NEW.state <> 'posted') EXECUTE FUNCTION shebao_voucher_move_guard()
-- ;;
-- What is posted is what was reviewed, and the whole business or nothing of it: every part is declared and reviewed. All rows of a statement at once.
CREATE FUNCTION shebao_voucher_posted_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM fresh WHERE state = 'posted') THEN RETURN NULL; END IF;
  IF EXISTS (SELECT 1 FROM fresh n JOIN past o ON o.book_id = n.book_id AND o.voucher_id = n.voucher_id
             WHERE n.state = 'posted' AND o.state <> 'reviewed') THEN
    RAISE EXCEPTION 'SB3102: 凭证依次 提出→制单→审核→记账';
  END IF;
  IF EXISTS (SELECT 1 FROM fresh WHERE state = 'posted' AND reviewer = maker) THEN RAISE EXCEPTION 'SB3002: 制单与审核不得同一人'; END IF;
  IF EXISTS (SELECT 1 FROM fresh WHERE state = 'posted' AND cashier <> '' AND cashier IN (maker, reviewer)) THEN
    RAISE EXCEPTION 'SB3002: 出纳不得制单或审核';
  END IF;
  IF EXISTS (SELECT 1 FROM fresh n WHERE n.state = 'posted' AND n.cashier = '' AND (n.cash = 1 OR (n.source_key NOT IN ('opening', 'opening:year') AND EXISTS (
      SELECT 1 FROM shebao_voucher_line l WHERE l.book_id = n.book_id AND l.voucher_id = n.voucher_id AND l.account LIKE '1001%')))) THEN
    RAISE EXCEPTION 'SB3126: 收付款凭证须有出纳签字';
  END IF;
  IF EXISTS (SELECT 1 FROM fresh WHERE state = 'posted' AND reviewed_digest <> digest) THEN RAISE EXCEPTION 'SB3103: 审核的内容与凭证不符'; END IF;
  IF EXISTS (
    SELECT 1 FROM fresh n LEFT JOIN shebao_entry e ON e.book_id = n.book_id AND e.entry_id = n.entry_id
      LEFT JOIN shebao_seal s ON s.book_id = e.book_id AND s.entry_id = e.entry_id
    WHERE n.state = 'posted' AND (s.entry_id IS NULL OR e.digest <> n.digest OR e.maker <> n.maker OR e.reviewer <> n.reviewer)) THEN
    RAISE EXCEPTION 'SB3103: 记账的内容与审核的不符';
  END IF;
  IF EXISTS (
    SELECT 1 FROM shebao_voucher_business mine JOIN fresh n ON n.book_id = mine.book_id AND n.voucher_id = mine.voucher_id AND n.state = 'posted'
    WHERE mine.parts <> (
      SELECT COUNT(*) FROM shebao_voucher_business b JOIN shebao_voucher v ON v.book_id = b.book_id AND v.voucher_id = b.voucher_id
      WHERE b.book_id = mine.book_id AND b.business_id = mine.business_id AND v.state IN ('reviewed', 'posted'))) THEN
    RAISE EXCEPTION 'SB3180: 同笔业务的凭证不齐';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_voucher_posted AFTER UPDATE ON shebao_voucher REFERENCING OLD TABLE AS past NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_voucher_posted_guard()
-- ;;
-- C2, L11: attachments hang on a voucher that is not reviewed yet, one content once in a book; until then one may be taken off, and its row stays.
CREATE TRIGGER shebao_attachment_stay BEFORE DELETE OR TRUNCATE ON shebao_attachment
  EXECUTE FUNCTION shebao_refuse('SB3103: 凭证附件不得修改或删除')
-- ;;
CREATE FUNCTION shebao_attachment_off_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.book_id, OLD.voucher_id, OLD.place, OLD.sha256, OLD.name, OLD.kind, OLD.size, OLD.sheets, OLD.kept_at, OLD.attached_by, OLD.attached_at)
     IS DISTINCT FROM
     (NEW.book_id, NEW.voucher_id, NEW.place, NEW.sha256, NEW.name, NEW.kind, NEW.size, NEW.sheets, NEW.kept_at, NEW.attached_by, NEW.attached_at)
     OR OLD.detached_at <> '' OR NEW.detached_at = '' OR NEW.detached_by = '' THEN
    RAISE EXCEPTION 'SB3103: 凭证附件不得修改';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_voucher WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND state IN ('proposed', 'made')) THEN
    RAISE EXCEPTION 'SB3103: 凭证已审核，不得取下附件';
  END IF;
  IF OLD.kept_at IS NULL AND EXISTS (
    SELECT 1 FROM shebao_attachment a JOIN shebao_voucher v ON v.book_id = a.book_id AND v.voucher_id = a.voucher_id
    WHERE a.book_id = OLD.book_id AND a.sha256 = OLD.sha256 AND a.kept_at = OLD.voucher_id AND a.detached_at = '' AND v.state <> 'rejected') THEN
    RAISE EXCEPTION 'SB3181: 其他凭证以本附件为原件';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_attachment_keep BEFORE UPDATE ON shebao_attachment FOR EACH ROW EXECUTE FUNCTION shebao_attachment_off_guard()
-- ;;
CREATE FUNCTION shebao_attachment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_voucher WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND state IN ('proposed', 'made')) THEN
    RAISE EXCEPTION 'SB3103: 凭证已审核，不得增加附件';
  END IF;
  IF NEW.detached_at <> '' OR NEW.detached_by <> '' THEN RAISE EXCEPTION 'SB3103: 附件须先附上'; END IF;
  IF NEW.place <> (SELECT COALESCE(MAX(place), 0) + 1 FROM shebao_attachment WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id) THEN
    RAISE EXCEPTION 'SB3103: 附件号须连续';
  END IF;
  IF EXISTS (
    SELECT 1 FROM shebao_attachment a JOIN shebao_voucher v ON v.book_id = a.book_id AND v.voucher_id = a.voucher_id
    WHERE a.book_id = NEW.book_id AND a.sha256 = NEW.sha256 AND v.state <> 'rejected' AND a.detached_at = ''
      AND (a.voucher_id = NEW.voucher_id OR (a.kept_at IS NULL AND NEW.kept_at IS NULL))) THEN
    RAISE EXCEPTION 'SB3120: 同一文件已附在一张凭证上';
  END IF;
  IF NEW.kept_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM shebao_attachment a JOIN shebao_voucher v ON v.book_id = a.book_id AND v.voucher_id = a.voucher_id
    WHERE a.book_id = NEW.book_id AND a.voucher_id = NEW.kept_at AND a.sha256 = NEW.sha256 AND a.kept_at IS NULL AND a.detached_at = '' AND v.state <> 'rejected') THEN
    RAISE EXCEPTION 'SB3124: 所称的凭证没有附着原件';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_attachment_enter BEFORE INSERT ON shebao_attachment FOR EACH ROW EXECUTE FUNCTION shebao_attachment_guard()
-- ;;
-- L4: the vouchers of one business are named before any of them is reviewed, each in one business, parts in their order.
CREATE TRIGGER shebao_voucher_business_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_voucher_business
  EXECUTE FUNCTION shebao_refuse('SB3180: 同笔业务不得修改或删除')
-- ;;
CREATE FUNCTION shebao_voucher_business_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_voucher WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND state IN ('proposed', 'made')) THEN
    RAISE EXCEPTION 'SB3180: 凭证已审核或已退回，不能列入同笔业务';
  END IF;
  IF EXISTS (SELECT 1 FROM shebao_voucher_business WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id) THEN
    RAISE EXCEPTION 'SB3180: 凭证已列入一笔业务';
  END IF;
  IF NEW.part <> (SELECT COALESCE(MAX(part), 0) + 1 FROM shebao_voucher_business WHERE book_id = NEW.book_id AND business_id = NEW.business_id)
    OR EXISTS (SELECT 1 FROM shebao_voucher_business WHERE book_id = NEW.book_id AND business_id = NEW.business_id AND parts <> NEW.parts) THEN
    RAISE EXCEPTION 'SB3180: 同笔业务的分号须连续';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_voucher_business_enter BEFORE INSERT ON shebao_voucher_business FOR EACH ROW EXECUTE FUNCTION shebao_voucher_business_guard()
-- ;;
-- 拨款不超计划: from the month of a book's first approved plan on, funding of the 支出户 is reviewed only within the month's approved plans, drafts counted.
CREATE FUNCTION shebao_voucher_funding_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM shebao_budget b WHERE b.book_id = NEW.book_id AND b.kind = 'plan' AND b.state = 'approved' AND b.year * 100 + b.month <= NEW.period)
    AND (SELECT COALESCE(SUM(l.amount_fen), 0) FROM shebao_voucher v JOIN shebao_voucher_line l ON l.book_id = v.book_id AND l.voucher_id = v.voucher_id AND l.side = 'D'
      WHERE v.book_id = NEW.book_id AND v.event = 'P1' AND v.period = NEW.period AND v.state <> 'rejected')
    > (SELECT COALESCE(SUM(b.request_fen), 0) FROM shebao_budget b WHERE b.book_id = NEW.book_id AND b.kind = 'plan' AND b.state = 'approved' AND b.year * 100 + b.month = NEW.period) THEN
    RAISE EXCEPTION 'SB3295: 拨款超过已批准的用款计划';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_voucher_funding BEFORE UPDATE OF reviewer ON shebao_voucher FOR EACH ROW WHEN (NEW.event = 'P1' AND NEW.state = 'reviewed') EXECUTE FUNCTION shebao_voucher_funding_guard()
-- ;;
-- C1: each signature is that of somebody who held its duty on the day of the signature; asked last, after order and content.
CREATE FUNCTION shebao_voucher_made_by_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.maker AND g.duty = 'BOOKKEEP' AND g.valid_from <= substr(NEW.made_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.made_at)) THEN RAISE EXCEPTION 'SB3001: 制单人没有这一岗位'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_voucher_made_by AFTER UPDATE OF maker ON shebao_voucher FOR EACH ROW WHEN (NEW.maker <> OLD.maker) EXECUTE FUNCTION shebao_voucher_made_by_guard()
-- ;;
CREATE FUNCTION shebao_voucher_reviewed_by_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.reviewer AND g.duty = 'CHECK' AND g.valid_from <= substr(NEW.reviewed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.reviewed_at)) THEN RAISE EXCEPTION 'SB3001: 审核人没有这一岗位'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_voucher_reviewed_by AFTER UPDATE OF reviewer ON shebao_voucher FOR EACH ROW WHEN (NEW.reviewer <> OLD.reviewer) EXECUTE FUNCTION shebao_voucher_reviewed_by_guard()
-- ;;
CREATE FUNCTION shebao_voucher_signed_by_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.cashier AND g.duty = 'CASHIER' AND g.valid_from <= substr(NEW.cashier_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.cashier_at)) THEN RAISE EXCEPTION 'SB3001: 出纳签字人没有这一岗位'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_voucher_signed_by AFTER UPDATE OF cashier ON shebao_voucher FOR EACH ROW WHEN (NEW.cashier <> OLD.cashier) EXECUTE FUNCTION shebao_voucher_signed_by_guard()
-- ;;
CREATE FUNCTION shebao_voucher_posted_by_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM shebao_entry e WHERE e.book_id = NEW.book_id AND e.entry_id = NEW.entry_id AND NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = e.poster AND g.duty = 'BOOKKEEP' AND g.valid_from <= substr(e.recorded_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > e.recorded_at))) THEN RAISE EXCEPTION 'SB3001: 记账人没有会计岗位'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_voucher_posted_by AFTER UPDATE OF state ON shebao_voucher FOR EACH ROW WHEN (NEW.state = 'posted') EXECUTE FUNCTION shebao_voucher_posted_by_guard()
