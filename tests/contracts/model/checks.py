"""After each step: the contracts' views are the model's, and the invariants of the design hold."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from contracts.clients import TableRow, table_rows
from contracts.loan import LoanStatus
from contracts.recount import expected_view, recount
from tests.contracts.model.model import Cover, Model, ModelLoan
from tests.contracts.model.world import World


class Broken(AssertionError):
    """Contracts and model differ, or an invariant does not hold."""


def check_touched(world: World, model: Model, loans: Iterable[bytes], parties: Iterable[str]) -> None:
    """What an act concerned."""
    for loan in loans:
        if loan in model.loans:
            check_loan(world, model.loans[loan])
    for subject in parties:
        check_party(world, model, subject)
    check_lender(world, model)


def check_everything(world: World, model: Model) -> None:
    """Every loan, party and balance; and money in is money out and money held."""
    check_touched(world, model, model.loans, model.parties)
    for account in model.cash:
        check_cash(world, model, account)
    for cover in model.covers.values():
        check_cover(world, cover)
    held = world.system.read("CashToken", "totalSupply")
    same("money held", sum(model.cash.values()), held)
    same("money in", model.money_in_minor, model.money_out_minor + held)


def check_loan(world: World, loan: ModelLoan) -> None:
    """A loan's view; a closed one has nothing left, and nobody has paid more than was owed."""
    state = loan.state
    view = world.system.read("LoanBook", "loan", loan.loan, *open_row(loan))
    for name, expected in expected_view(loan.agreement, state).items():
        same(f"loan {name}", expected, view[name])
    same("nonce_base", state.nonce_base, view["nonce_base"])
    same("nonce_window", state.nonce_window, view["nonce_window"])
    if not state.status.is_running:
        left = ("balance_minor", "outstanding_principal_minor", "late_fee_due_minor", "penalty_due_minor", "bucket")
        same("left of an ended loan", 0, sum(view[name] for name in left))
    if state.status in {LoanStatus.ACTIVE, LoanStatus.DEFAULTED}:
        covered = view["covered_minor"]
        same("principal lent and covered", state.lent_minor + covered, view["outstanding_principal_minor"])


def check_cover(world: World, cover: Cover) -> None:
    """A guarantee's figures."""
    view = world.system.read("GuaranteeFund", "cover", cover.guarantee)
    same("cover's loan", cover.loan or bytes(32), view["loan"])
    for name in ("paid_minor", "recovered_minor", "withdrawn_minor", "released"):
        same(f"cover {name}", getattr(cover, name), view[name])


def check_party(world: World, model: Model, subject: str) -> None:
    """A party's cash, standing, history, limit and use of it."""
    check_cash(world, model, subject)
    limit = world.system.read("CreditRegistry", "limitOf", subject)
    same(f"limit of {subject}", model.limit_minor(subject), limit["limit_minor"])
    history = world.system.read("CreditRegistry", "historyOf", subject)
    same(f"history of {subject}", asdict(model.credits[subject].history), history)
    exposure = tuple(world.system.read("CreditRegistry", "exposure", subject).values())
    same(f"exposure of {subject}", model.exposure(subject), exposure)
    same(
        f"standing of {subject}",
        model.in_standing(subject),
        world.system.read("IdentityRegistry", "mayTransact", subject),
    )


def check_cash(world: World, model: Model, account: str) -> None:
    """A balance."""
    same(f"cash of {account}", model.cash[account], world.system.read("CashToken", "balanceOf", account))


def check_lender(world: World, model: Model) -> None:
    """What the facilities count as lent is what the lender's loans owe."""
    check_cash(world, model, model.lender)
    position = world.system.read("LoanBook", "position", model.lender)
    same("outstanding", model.outstanding(), position["outstanding_minor"])
    same("impaired", model.impaired(), position["impaired_minor"])
    same("lost", model.lost_minor, position["lost_minor"])
    same("recovered", model.recovered_minor, position["recovered_minor"])
    for product_id, facility in model.facilities.items():
        found = world.system.read("LoanBook", "facility", model.lender, product_id)
        expected = model.outstanding(product_id), facility.max_outstanding_minor, facility.max_borrower_percent
        same("facility", expected, tuple(found.values()))


def check_events(world: World) -> int:
    """Events alone rebuild all state; how many comparisons say so."""
    findings = recount(world.all_events(), world.evm.call, world.book)
    if not findings.clean:
        raise Broken("the recount differs: " + "; ".join(map(str, findings.differences[:3])))
    return findings.comparisons


def open_row(loan: ModelLoan) -> list[list[TableRow]]:
    """What the view of a loan by a table is given."""
    if not loan.is_table or loan.state.rows_done:
        return []
    return [table_rows(loan.rows, range(loan.state.row, loan.state.row + 1))]


def same(name: str, expected: Any, found: Any) -> None:
    """Raise unless both are equal."""
    if expected != found:
        raise Broken(f"{name}: the model says {expected}, the contracts {found}")
