-- Guards of vouchers on PostgreSQL. A voucher's content never changes once proposed; its state moves only forward.
CREATE FUNCTION shebao_voucher_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.book_id, OLD.voucher_id, OLD.digest, OLD.period, OLD.day, OLD.kind, OLD.event, OLD.summary, OLD.attachments, OLD.authority, OLD.source_key,
      OLD.documents, OLD.closing, OLD.payout_count, OLD.payout_fen, OLD.payout_digest)
     IS DISTINCT FROM
     (NEW.book_id, NEW.voucher_id, NEW.digest, NEW.period, NEW.day, NEW.kind, NEW.event, NEW.summary, NEW.attachments, NEW.authority, NEW.source_key,
      NEW.documents, NEW.closing, NEW.payout_count, NEW.payout_fen, NEW.payout_digest)
     OR (OLD.maker <> '' AND OLD.maker <> NEW.maker) OR (OLD.reviewer <> '' AND OLD.reviewer <> NEW.reviewer) THEN
    RAISE EXCEPTION 'SB3103: 凭证内容已提交，不得改动；请退回后重做';
  END IF;
  IF NOT ((OLD.state = 'proposed' AND NEW.state IN ('made', 'rejected')) OR (OLD.state = 'made' AND NEW.state IN ('reviewed', 'rejected'))
      OR (OLD.state = 'reviewed' AND NEW.state IN ('posted', 'rejected'))) THEN
    RAISE EXCEPTION 'SB3102: 凭证状态不能这样改变';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_voucher_move BEFORE UPDATE ON shebao_voucher FOR EACH ROW EXECUTE FUNCTION shebao_voucher_guard()
-- ;;
CREATE TRIGGER shebao_voucher_stay BEFORE DELETE OR TRUNCATE ON shebao_voucher EXECUTE FUNCTION shebao_refuse('SB3103: 凭证不得删除')
-- ;;
CREATE TRIGGER shebao_voucher_line_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_voucher_line EXECUTE FUNCTION shebao_refuse('SB3103: 凭证分录不得改动')
-- ;;
CREATE FUNCTION shebao_voucher_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT state FROM shebao_voucher WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id) <> 'proposed' THEN
    RAISE EXCEPTION 'SB3103: 凭证已制单，不得加行';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_voucher_line_enter BEFORE INSERT ON shebao_voucher_line FOR EACH ROW EXECUTE FUNCTION shebao_voucher_line_guard()
