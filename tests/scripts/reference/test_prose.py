"""Comments of contracts as Markdown: paragraphs, lists and drawings stay what they are in the source."""

from scripts.reference.prose import markdown, notice_of

NOTICE = """Pays
 back.

     |-- row 0 --|
       due

 After it:
 - one thing, said
   in two lines
 - another
 The end."""
SHOWN = """Pays back.

```
|-- row 0 --|
  due
```

After it:

- one thing, said in two lines
- another

The end."""


def test_paragraphs_lists_and_drawings_are_kept() -> None:
    text = f"@title A loan\n @notice {NOTICE}\n @dev Nobody asks."
    assert notice_of({"documentation": {"text": text}}) == SHOWN


def test_who_says_nothing_has_no_notice() -> None:
    assert notice_of({}) == notice_of({"documentation": {"text": "@title A loan"}}) == ""


def test_a_list_is_one_whatever_stands_around_it() -> None:
    assert markdown(["- a", "- b", "- c"]) == "- a\n- b\n- c"
    assert markdown(["So:", "1. a", "   and on", "2. b"]) == "So:\n\n1. a and on\n2. b"
