"""LoanBook.amend: new terms by both sides."""
