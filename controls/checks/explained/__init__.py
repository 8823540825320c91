"""What a why-not says (为何未报的说明): a rule's text followed condition by condition (``trace``), the exclusions all rules share asked of one person
(``stages``), for whom a rule could not be run (``unjudged``), columns and values in Chinese (``words``)."""
