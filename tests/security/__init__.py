"""The attacks that the bot withstands, and the tests that prove it: `test_03_…` is about row 3.

1.  A request that Slack did not sign, or signed with another secret or for another body.
2.  A request that Slack signed, sent again much later, or from the future.
3.  The same sent again at once: let in, but nothing happens a second time.
4.  Headers that are no number, no signature or no ASCII: refused, never a fault.
5.  Bodies that are no JSON, no UTF-8, no object, or nested without end.
6.  Bodies that are too large, endless or slow.
7.  What other apps answer unsigned, such as `url_verification`: refused like all else.
8.  A rightly signed request for another workspace, even one of our organisation, or another app.
9.  A start without a signing secret.
10. Text that mentions, links or formats, by whatever way it comes.
11. A button's value or a form's metadata that somebody has written for themselves.
12. Guests, outsiders, bots and people who have left; and Slack not saying who somebody is.
13. Buttons that are somebody else's to press: deleting, so far the only one with a rule of its own.
14. Private incidents read by others. No test yet: there are none.
15. REST without a right token, or with one in another place.
16. Guessing tokens, and asking for pages without end.
17. Search words that SQL or its full-text search would take for their own.
18. Names that lead out of the folder of an export or a backup. No test yet: the
    bot names none; a backup goes where its operator says.
19. Addresses that lead elsewhere. `response_url` alone comes from outside; there are no webhooks.
20. Formulas in CSV. No test yet: there is no CSV.
21. Secrets in the log, the database, an answer or a message; also in a fault that ends the bot.
    How the log takes them out is in `tests/test_log.py`.
22. Secrets in the list of processes, and files that others could read.
23. Pages that tell about the inside, answers that browsers guess about, methods that nobody needs.
24. The token being revoked while the bot runs, and given back.
25. Dependencies that are many, unbounded or under a licence that binds. They are not pinned by
    their hashes: what is installed is what the index serves.
26. Characters that turn, hide or fake text, and those that take four bytes.
    What is taken out of text is in `tests/domain/test_text.py`.
"""
