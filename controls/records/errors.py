"""Refusals of personal records: SB3310–SB3313."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class NobodyThere(Refusal):
    """A place in which nobody is registered."""

    code = "SB3310"
    zh = "“{township}”没有{fund}的参保登记，不能批量出具权益记录。"
    en = "Nobody is registered for {fund} in “{township}”."
    cause_zh = "批量出具按登记簿中的乡镇（街道）选人；名称须与人员名单一致。"
    cause_en = "A batch takes those whose registration names this township, written as in the people file."
    remedy_zh = "核对乡镇名称；已登记的有：{known}。"
    remedy_en = "Check the name; registered are: {known}."
    status = UNUSABLE


class RecordDay(Refusal):
    """A record of a day that has not come, or before all books."""

    code = "SB3311"
    zh = "权益记录的截止日期 {day} 不能用：{why}。"
    en = "A personal record cannot be made as of {day}: {why_en}."
    cause_zh = "权益记录只写已发生的事；账簿按月，截止日期所在月份计入。"
    cause_en = "A record tells what has happened; books count through the month of the day."
    remedy_zh = "改用不晚于今天的日期，如上年末 2025-12-31。"
    remedy_en = "Give a day that is not after today, such as the end of last year."
    status = UNUSABLE


class OtherBatch(Refusal):
    """A folder that holds another batch."""

    code = "SB3312"
    zh = "文件夹 {folder} 里是另一批权益记录（{found}），不能接着做（{wanted}）。"
    en = "The folder {folder} holds another batch of records ({found}), not this one ({wanted})."
    cause_zh = "中断后接着做，须是同一险种、乡镇、截止日期和同一种副本，否则两批混在一起。"
    cause_en = "A batch goes on only with the same fund, township, day and kind of copy."
    remedy_zh = "换一个空文件夹，或用原来的选项接着做。"
    remedy_en = "Use an empty folder, or the options of the batch that was begun."


class StampUnreadable(Refusal):
    """A personal record whose stamp does not say of whom and when it is."""

    code = "SB3313"
    zh = "权益记录的印记无法识别：{why}。"
    en = "The stamp of this personal record cannot be read: {why}."
    cause_zh = "印记写明人员编号、截止日期、获知日期和副本种类，凭它从账上重印核对；印记被改动就无从核对。"
    cause_en = "The stamp names person, days and kind of copy; without them nothing can be printed again."
    remedy_zh = "向出具单位另取一份；不要采信这份文件。"
    remedy_en = "Ask the office for another copy; do not rely on this file."
    status = UNUSABLE
