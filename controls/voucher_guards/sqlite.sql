-- Guards of vouchers on SQLite. A voucher's content never changes once proposed; its state moves only forward.
CREATE TRIGGER shebao_voucher_move BEFORE UPDATE ON shebao_voucher BEGIN
  SELECT RAISE(ABORT, 'SB3103: 凭证内容已提交，不得改动；请退回后重做') WHERE
    OLD.book_id <> NEW.book_id OR OLD.voucher_id <> NEW.voucher_id OR OLD.digest <> NEW.digest OR OLD.period <> NEW.period OR OLD.day <> NEW.day
    OR OLD.kind <> NEW.kind OR OLD.event <> NEW.event OR OLD.summary <> NEW.summary OR OLD.attachments <> NEW.attachments
    OR OLD.authority <> NEW.authority OR OLD.source_key <> NEW.source_key OR OLD.documents <> NEW.documents OR OLD.closing <> NEW.closing
    OR OLD.payout_count <> NEW.payout_count OR OLD.payout_fen <> NEW.payout_fen OR OLD.payout_digest <> NEW.payout_digest
    OR (OLD.maker <> '' AND OLD.maker <> NEW.maker) OR (OLD.reviewer <> '' AND OLD.reviewer <> NEW.reviewer);
  SELECT RAISE(ABORT, 'SB3102: 凭证状态不能这样改变') WHERE NOT (
    (OLD.state = 'proposed' AND NEW.state IN ('made', 'rejected')) OR (OLD.state = 'made' AND NEW.state IN ('reviewed', 'rejected'))
    OR (OLD.state = 'reviewed' AND NEW.state IN ('posted', 'rejected')));
END
-- ;;
CREATE TRIGGER shebao_voucher_stay BEFORE DELETE ON shebao_voucher BEGIN SELECT RAISE(ABORT, 'SB3103: 凭证不得删除'); END
-- ;;
CREATE TRIGGER shebao_voucher_line_keep BEFORE UPDATE ON shebao_voucher_line BEGIN SELECT RAISE(ABORT, 'SB3103: 凭证分录不得改动'); END
-- ;;
CREATE TRIGGER shebao_voucher_line_stay BEFORE DELETE ON shebao_voucher_line BEGIN SELECT RAISE(ABORT, 'SB3103: 凭证分录不得删除'); END
-- ;;
CREATE TRIGGER shebao_voucher_line_enter BEFORE INSERT ON shebao_voucher_line BEGIN
  SELECT RAISE(ABORT, 'SB3103: 凭证已制单，不得加行') WHERE (SELECT state FROM shebao_voucher WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id) <> 'proposed';
END
