-- Guards of vouchers (C1, C2) before they are posted, on SQLite. Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

-- C2: what a voucher says never changes; a wrong one is sent back and proposed anew.
CREATE TRIGGER shebao_voucher_line_keep BEFORE UPDATE ON shebao_voucher_line BEGIN SELECT RAISE(ABORT, 'SB3103: 凭证分录不得修改'); END
-- ;;
CREATE TRIGGER shebao_voucher_line_stay BEFORE DELETE ON shebao_voucher_line BEGIN SELECT RAISE(ABORT, 'SB3103: 凭证分录不得删除'); END
-- ;;
CREATE TRIGGER shebao_voucher_stay BEFORE DELETE ON shebao_voucher BEGIN SELECT RAISE(ABORT, 'SB3103: 凭证不得删除'); END
-- ;;
CREATE TRIGGER shebao_voucher_line_enter BEFORE INSERT ON shebao_voucher_line BEGIN
  SELECT RAISE(ABORT, 'SB3103: 凭证已制单，不得加行') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_voucher WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND state = 'proposed')
    OR EXISTS (SELECT 1 FROM shebao_voucher_line WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND line_no = NEW.line_no);
END
-- ;;
CREATE TRIGGER shebao_voucher_enter BEFORE INSERT ON shebao_voucher BEGIN
  SELECT RAISE(ABORT, 'SB3102: 新凭证须从待制单开始') WHERE NEW.state <> 'proposed' OR NEW.maker <> '' OR NEW.reviewer <> '' OR NEW.reviewed_digest <> ''
    OR NEW.papers_digest <> '' OR NEW.cashier <> '' OR NEW.entry_id IS NOT NULL;
  SELECT RAISE(ABORT, 'SB3103: 凭证流水号已用') WHERE EXISTS (SELECT 1 FROM shebao_voucher WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id);
  SELECT RAISE(ABORT, 'SB1104: 原始凭据已提出凭证') WHERE EXISTS (
    SELECT 1 FROM shebao_voucher WHERE book_id = NEW.book_id AND source_key = NEW.source_key AND state <> 'rejected');
END
-- ;;
-- C1, C2: the steps in their order, by two people, over one digest.
CREATE TRIGGER shebao_voucher_move BEFORE UPDATE ON shebao_voucher WHEN NEW.state <> 'posted' BEGIN
  SELECT RAISE(ABORT, 'SB3102: 凭证依次 提出→制单→审核→记账') WHERE NOT (
    (OLD.state = 'proposed' AND NEW.state = 'made' AND NEW.maker <> '' AND NEW.reviewer = '')
    OR (OLD.state = 'made' AND NEW.state = 'reviewed' AND NEW.reviewer <> '')
    OR (OLD.state IN ('made', 'reviewed') AND NEW.state = OLD.state AND OLD.cashier = '' AND NEW.cashier <> ''
      AND OLD.maker = NEW.maker AND OLD.reviewer = NEW.reviewer)
    OR (OLD.state IN ('proposed', 'made', 'reviewed') AND NEW.state = 'rejected' AND OLD.maker = NEW.maker AND OLD.reviewer = NEW.reviewer));
  SELECT RAISE(ABORT, 'SB3002: 制单与审核不得同一人') WHERE NEW.reviewer <> '' AND NEW.reviewer = NEW.maker;
  SELECT RAISE(ABORT, 'SB3002: 出纳不得制单或审核') WHERE NEW.cashier <> '' AND NEW.cashier IN (NEW.maker, NEW.reviewer);
  SELECT RAISE(ABORT, 'SB3103: 审核的内容与凭证不符') WHERE NEW.reviewer <> '' AND NEW.reviewed_digest <> NEW.digest;
  SELECT RAISE(ABORT, 'SB3103: 审核须连同附件') WHERE OLD.state = 'made' AND NEW.state = 'reviewed' AND (NEW.papers_digest <> '')
    <> EXISTS (SELECT 1 FROM shebao_attachment WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND detached_at = '');
  SELECT RAISE(ABORT, 'SB3103: 记账的内容与审核的不符') WHERE NEW.entry_id IS NOT NULL;
END
-- ;;
-- What is posted is what was reviewed.
CREATE TRIGGER shebao_voucher_posted BEFORE UPDATE ON shebao_voucher WHEN NEW.state = 'posted' BEGIN
  SELECT CASE WHEN OLD.state <> 'reviewed' THEN RAISE(ABORT, 'SB3102: 凭证依次 提出→制单→审核→记账')
    WHEN NEW.reviewer = NEW.maker THEN RAISE(ABORT, 'SB3002: 制单与审核不得同一人')
    WHEN NEW.cashier <> '' AND NEW.cashier IN (NEW.maker, NEW.reviewer) THEN RAISE(ABORT, 'SB3002: 出纳不得制单或审核')
    WHEN NEW.cashier = '' AND (NEW.cash = 1 OR (NEW.source_key NOT IN ('opening', 'opening:year') AND EXISTS (
      SELECT 1 FROM shebao_voucher_line WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND account LIKE '1001%')))
      THEN RAISE(ABORT, 'SB3126: 收付款凭证须有出纳签字')
    WHEN NEW.reviewed_digest <> NEW.digest THEN RAISE(ABORT, 'SB3103: 审核的内容与凭证不符')
    WHEN NEW.entry_id IS NULL OR NOT EXISTS (
      SELECT 1 FROM shebao_entry e JOIN shebao_seal s ON s.book_id = e.book_id AND s.entry_id = e.entry_id
      WHERE e.book_id = NEW.book_id AND e.entry_id = NEW.entry_id AND e.digest = NEW.digest AND e.maker = NEW.maker AND e.reviewer = NEW.reviewer)
      THEN RAISE(ABORT, 'SB3103: 记账的内容与审核的不符') END;
END
-- ;;
-- C2: what is said is said. Posting names the state and the entry alone, so it never comes here. Of the three, SQLite asks
-- the one laid last first.
CREATE TRIGGER shebao_voucher_keep BEFORE UPDATE OF book_id, voucher_id, period, day, kind, event, summary, attachments, authority, source_key, documents, closing, corrects, payout_source, payout_count,
  payout_fen, payout_digest, contribution_source, contribution_count, contribution_fen, contribution_digest, digest, proposed_by, proposed_at, maker, made_at,
  reviewer, reviewed_at, reviewed_digest, papers_digest, cash, cashier, cashier_at, note ON shebao_voucher BEGIN
  SELECT RAISE(ABORT, 'SB3103: 凭证内容不得修改') WHERE OLD.book_id <> NEW.book_id OR OLD.voucher_id <> NEW.voucher_id OR OLD.period <> NEW.period
    OR OLD.day <> NEW.day OR OLD.kind <> NEW.kind OR OLD.event <> NEW.event OR OLD.summary <> NEW.summary OR OLD.attachments <> NEW.attachments
    OR OLD.authority <> NEW.authority OR OLD.source_key <> NEW.source_key OR OLD.documents <> NEW.documents OR OLD.closing <> NEW.closing
    OR OLD.corrects IS NOT NEW.corrects OR OLD.payout_source IS NOT NEW.payout_source OR OLD.payout_count <> NEW.payout_count
    OR OLD.payout_fen <> NEW.payout_fen OR OLD.payout_digest <> NEW.payout_digest
    OR OLD.contribution_source IS NOT NEW.contribution_source OR OLD.contribution_count <> NEW.contribution_count
    OR OLD.contribution_fen <> NEW.contribution_fen OR OLD.contribution_digest <> NEW.contribution_digest OR OLD.digest <> NEW.digest
    OR OLD.proposed_by <> NEW.proposed_by OR OLD.proposed_at <> NEW.proposed_at
    OR (OLD.maker <> '' AND (OLD.maker <> NEW.maker OR OLD.made_at <> NEW.made_at))
    OR (OLD.reviewer <> '' AND (OLD.reviewer <> NEW.reviewer OR OLD.reviewed_at <> NEW.reviewed_at OR OLD.reviewed_digest <> NEW.reviewed_digest))
    OR (OLD.papers_digest <> NEW.papers_digest AND NOT (OLD.state = 'made' AND NEW.state = 'reviewed'))
    OR OLD.cash <> NEW.cash OR (OLD.cashier <> NEW.cashier AND (OLD.cashier <> '' OR OLD.state <> NEW.state))
    OR (OLD.cashier_at <> NEW.cashier_at AND OLD.cashier = NEW.cashier)
    OR (OLD.note <> NEW.note AND NEW.state <> 'rejected');
END
-- ;;
-- C2, L11: attachments hang on a voucher that is not reviewed yet, one content once in a book; until then one may be taken off, and its row stays.
CREATE TRIGGER shebao_attachment_keep BEFORE UPDATE ON shebao_attachment BEGIN
  SELECT RAISE(ABORT, 'SB3103: 凭证附件不得修改') WHERE OLD.book_id <> NEW.book_id OR OLD.voucher_id <> NEW.voucher_id OR OLD.place <> NEW.place
    OR OLD.sha256 <> NEW.sha256 OR OLD.name <> NEW.name OR OLD.kind <> NEW.kind OR OLD.size <> NEW.size OR OLD.sheets <> NEW.sheets
    OR OLD.kept_at IS NOT NEW.kept_at OR OLD.attached_by <> NEW.attached_by OR OLD.attached_at <> NEW.attached_at
    OR OLD.detached_at <> '' OR NEW.detached_at = '' OR NEW.detached_by = '';
  SELECT RAISE(ABORT, 'SB3103: 凭证已审核，不得取下附件') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_voucher WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND state IN ('proposed', 'made'));
  SELECT RAISE(ABORT, 'SB3181: 其他凭证以本附件为原件') WHERE OLD.kept_at IS NULL AND EXISTS (
    SELECT 1 FROM shebao_attachment a JOIN shebao_voucher v ON v.book_id = a.book_id AND v.voucher_id = a.voucher_id
    WHERE a.book_id = OLD.book_id AND a.sha256 = OLD.sha256 AND a.kept_at = OLD.voucher_id AND a.detached_at = '' AND v.state <> 'rejected');
END
-- ;;
CREATE TRIGGER shebao_attachment_stay BEFORE DELETE ON shebao_attachment BEGIN SELECT RAISE(ABORT, 'SB3103: 凭证附件不得删除'); END
-- ;;
CREATE TRIGGER shebao_attachment_enter BEFORE INSERT ON shebao_attachment BEGIN
  SELECT RAISE(ABORT, 'SB3103: 附件须先附上') WHERE NEW.detached_at <> '' OR NEW.detached_by <> '';
  SELECT RAISE(ABORT, 'SB3103: 凭证已审核，不得增加附件') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_voucher WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND state IN ('proposed', 'made'));
  SELECT RAISE(ABORT, 'SB3103: 附件号须连续') WHERE NEW.place <> (
    SELECT COALESCE(MAX(place), 0) + 1 FROM shebao_attachment WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id);
  SELECT RAISE(ABORT, 'SB3120: 同一文件已附在一张凭证上') WHERE EXISTS (
    SELECT 1 FROM shebao_attachment a JOIN shebao_voucher v ON v.book_id = a.book_id AND v.voucher_id = a.voucher_id
    WHERE a.book_id = NEW.book_id AND a.sha256 = NEW.sha256 AND v.state <> 'rejected' AND a.detached_at = ''
      AND (a.voucher_id = NEW.voucher_id OR (a.kept_at IS NULL AND NEW.kept_at IS NULL)));
  SELECT RAISE(ABORT, 'SB3124: 所称的凭证没有附着原件') WHERE NEW.kept_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM shebao_attachment a JOIN shebao_voucher v ON v.book_id = a.book_id AND v.voucher_id = a.voucher_id
    WHERE a.book_id = NEW.book_id AND a.voucher_id = NEW.kept_at AND a.sha256 = NEW.sha256 AND a.kept_at IS NULL AND a.detached_at = '' AND v.state <> 'rejected');
END
-- ;;
-- L4: the vouchers of one business are named before any of them is reviewed, each in one business, parts in their order.
CREATE TRIGGER shebao_voucher_business_keep BEFORE UPDATE ON shebao_voucher_business BEGIN SELECT RAISE(ABORT, 'SB3180: 同笔业务不得修改'); END
-- ;;
CREATE TRIGGER shebao_voucher_business_stay BEFORE DELETE ON shebao_voucher_business BEGIN SELECT RAISE(ABORT, 'SB3180: 同笔业务不得删除'); END
-- ;;
CREATE TRIGGER shebao_voucher_business_enter BEFORE INSERT ON shebao_voucher_business BEGIN
  SELECT RAISE(ABORT, 'SB3180: 凭证已审核或已退回，不能列入同笔业务') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_voucher WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND state IN ('proposed', 'made'));
  SELECT RAISE(ABORT, 'SB3180: 凭证已列入一笔业务') WHERE EXISTS (
    SELECT 1 FROM shebao_voucher_business WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id);
  SELECT RAISE(ABORT, 'SB3180: 同笔业务的分号须连续') WHERE NEW.part <> (
    SELECT COALESCE(MAX(part), 0) + 1 FROM shebao_voucher_business WHERE book_id = NEW.book_id AND business_id = NEW.business_id)
    OR EXISTS (SELECT 1 FROM shebao_voucher_business WHERE book_id = NEW.book_id AND business_id = NEW.business_id AND parts <> NEW.parts);
END
-- ;;
-- The whole business or nothing of it: a part is posted once every part is declared and reviewed.
CREATE TRIGGER shebao_voucher_business_whole BEFORE UPDATE OF state ON shebao_voucher WHEN NEW.state = 'posted' BEGIN
  SELECT RAISE(ABORT, 'SB3180: 同笔业务的凭证不齐') WHERE EXISTS (
    SELECT 1 FROM shebao_voucher_business mine WHERE mine.book_id = NEW.book_id AND mine.voucher_id = NEW.voucher_id AND mine.parts <> (
      SELECT COUNT(*) FROM shebao_voucher_business b JOIN shebao_voucher v ON v.book_id = b.book_id AND v.voucher_id = b.voucher_id
      WHERE b.book_id = mine.book_id AND b.business_id = mine.business_id AND v.state IN ('reviewed', 'posted')));
END
-- ;;
-- 拨款不超计划: from the month of a book's first approved plan on, funding of the 支出户 is reviewed only within the month's approved plans, drafts counted.
CREATE TRIGGER shebao_voucher_funding BEFORE UPDATE OF reviewer ON shebao_voucher WHEN NEW.event = 'P1' AND NEW.state = 'reviewed' BEGIN
  SELECT RAISE(ABORT, 'SB3295: 拨款超过已批准的用款计划') WHERE EXISTS (
    SELECT 1 FROM shebao_budget b WHERE b.book_id = NEW.book_id AND b.kind = 'plan' AND b.state = 'approved' AND b.year * 100 + b.month <= NEW.period)
    AND (SELECT COALESCE(SUM(l.amount_fen), 0) FROM shebao_voucher v JOIN shebao_voucher_line l ON l.book_id = v.book_id AND l.voucher_id = v.voucher_id AND l.side = 'D'
      WHERE v.book_id = NEW.book_id AND v.event = 'P1' AND v.period = NEW.period AND v.state <> 'rejected')
    > (SELECT COALESCE(SUM(b.request_fen), 0) FROM shebao_budget b WHERE b.book_id = NEW.book_id AND b.kind = 'plan' AND b.state = 'approved' AND b.year * 100 + b.month = NEW.period);
END
-- ;;
-- C1: each signature is that of somebody who held its duty on the day of the signature; asked last, after order and content.
CREATE TRIGGER shebao_voucher_made_by AFTER UPDATE OF maker ON shebao_voucher WHEN NEW.maker <> OLD.maker BEGIN
  SELECT RAISE(ABORT, 'SB3001: 制单人没有这一岗位') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.maker AND g.duty = 'BOOKKEEP' AND g.valid_from <= substr(NEW.made_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.made_at));
END
-- ;;
CREATE TRIGGER shebao_voucher_reviewed_by AFTER UPDATE OF reviewer ON shebao_voucher WHEN NEW.reviewer <> OLD.reviewer BEGIN
  SELECT RAISE(ABORT, 'SB3001: 审核人没有这一岗位') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.reviewer AND g.duty = 'CHECK' AND g.valid_from <= substr(NEW.reviewed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.reviewed_at));
END
-- ;;
CREATE TRIGGER shebao_voucher_signed_by AFTER UPDATE OF cashier ON shebao_voucher WHEN NEW.cashier <> OLD.cashier BEGIN
  SELECT RAISE(ABORT, 'SB3001: 出纳签字人没有这一岗位') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.cashier AND g.duty = 'CASHIER' AND g.valid_from <= substr(NEW.cashier_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.cashier_at));
END
-- ;;
CREATE TRIGGER shebao_voucher_posted_by AFTER UPDATE OF state ON shebao_voucher WHEN NEW.state = 'posted' BEGIN
  SELECT RAISE(ABORT, 'SB3001: 记账人没有会计岗位') WHERE EXISTS (SELECT 1 FROM shebao_entry e WHERE e.book_id = NEW.book_id AND e.entry_id = NEW.entry_id AND NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = e.poster AND g.duty = 'BOOKKEEP' AND g.valid_from <= substr(e.recorded_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > e.recorded_at)));
END
