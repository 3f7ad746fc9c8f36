"""Outside world to Submission: folders, archives, addresses, feeds, mailboxes."""
