// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ICashToken} from "./interfaces/ICashToken.sol";
import {ICreditRegistry} from "./interfaces/ICreditRegistry.sol";
import {IIdentityRegistry} from "./interfaces/IIdentityRegistry.sol";
import {ILoanBook} from "./interfaces/ILoanBook.sol";
import {Clock, ClockLib} from "./libraries/ClockLib.sol";
import {Fixed, LoanPacking, PackedLoan, Rolling} from "./libraries/LoanPacking.sol";
import {SpecialPacking} from "./libraries/SpecialPacking.sol";
import {ProductPacking} from "./libraries/ProductPacking.sol";
import {DeadlinePassed, Position} from "./Types.sol";

/// @notice What a LoanBook and its modules are built with.
struct Neighbours {
    address authority; // the AccessManager
    ICashToken cash; // the currency lent
    IIdentityRegistry identity; // who the parties are
    ICreditRegistry credit; // limits, and how much of them is in use
}

/// @title What LoanBook and its modules share: the storage, and how it is read
/// @notice LoanBook holds it. Whatever it does not know itself it has carried out, on its own storage, by the first of
/// a fixed chain of modules that knows it: LoanServicing, LoanReturns, LoanWorkout, LoanAgreements, LoanAmendments,
/// LoanViews. The modules are part of its code: named once, when it is created, so that nothing of a signed loan can be
/// replaced. A module that is called directly finds no loan.
// solhint-disable-next-line max-states-count
abstract contract LoanStorage is AccessManaged, EIP712, ReentrancyGuardTransient {
    using LoanPacking for *;
    using ProductPacking for uint256;

    /// @dev One slot, so that a payment finds payee and aggregate together.
    /// line: outstanding 44, most outstanding 44, most for one borrower in percent of that 8.
    struct Facility {
        address lender;
        uint96 line;
    }

    /// @dev What is lost and recovered of a lender's loans; payments on the ordinary path leave it alone.
    struct Losses {
        uint64 impaired;
        uint64 lost;
        uint64 recovered;
    }

    /// @dev The caps in force, with the day on which the next ones take their place.
    struct Product {
        uint256 word;
        uint256 next;
    }

    /// @dev The rolling slot's status: a loan on the ordinary path, an ended one, one with a special word.
    uint256 internal constant ORDINARY = 1;
    uint256 internal constant ENDED = 2;
    uint256 internal constant SPECIAL = 3;
    /// @dev The rolling slot's bucket of a loan that is current and was late before.
    uint256 internal constant WAS_LATE = 5;

    /// @dev A loan's status as it is shown.
    uint256 internal constant SHOWN_ACTIVE = 1;
    uint256 internal constant SHOWN_CLOSED = 2;
    uint256 internal constant SHOWN_CANCELLED = 3;
    uint256 internal constant SHOWN_DEFAULTED = 4;
    uint256 internal constant SHOWN_WRITTEN_OFF = 5;
    uint256 internal constant SHOWN_UNWOUND = 6;

    uint256 internal constant U44 = 2 ** 44 - 1;
    uint256 internal constant MOST_SHIFT = 44;
    uint256 internal constant PERCENT_SHIFT = 88;
    uint256 internal constant HALT_SHIFT = 80;
    uint256 internal constant U40 = type(uint40).max;
    uint256 private constant DAY_SECONDS = 1 days;
    int256 private constant MINUTE_SECONDS = 1 minutes;

    /// @notice The currency lent.
    ICashToken public immutable CASH;
    /// @notice Who the parties are.
    IIdentityRegistry public immutable IDENTITY;
    /// @notice Limits, and how much of them is in use.
    ICreditRegistry public immutable CREDIT;

    mapping(bytes32 loanId => PackedLoan) internal _loans;
    mapping(bytes32 loanId => bytes32 root) internal _tables;
    mapping(bytes32 loanId => uint256 word) internal _specials;
    mapping(bytes32 loanId => uint256 word) internal _mandates;
    mapping(uint256 conditionsId => uint256 conditions) internal _conditions;
    mapping(uint256 conditions => uint256 conditionsId) internal _conditionsIds;
    uint256 internal _conditionsCount;
    mapping(uint256 facilityId => Facility) internal _facilities;
    mapping(uint256 facilityId => bytes32 productId) internal _facilityProducts;
    mapping(address lender => uint256[] facilityIds) internal _facilitiesOf;
    mapping(address lender => Losses) internal _losses;
    mapping(bytes32 productId => Product) internal _products;
    /// @dev Instants: paused since 40, end of the last stop 40; and the number of stops 40.
    uint256 internal _clock;
    /// @dev When clocks stood still, oldest first: from 40, until 40, instants; whether the ledger halted 1.
    mapping(uint256 index => uint256 stop) internal _stops;
    /// @dev See ClockLib.note: of a loan that was touched past its grace while a halt since that due day was known.
    mapping(bytes32 loanId => uint256 note) internal _borneFees;
    /// @dev How a payment that a bank may return was split, by loan and bank entry.
    mapping(bytes32 key => uint256 split) internal _returnable;
    mapping(bytes32 entry => bool used) internal _unwound;
    /// @dev Of a loan by a table with a special word: the interest of its open row, as far as that was read, so that
    /// what is outstanding is known without the row.
    mapping(bytes32 loanId => uint256 interestMinor) internal _openInterests;
    /// @dev Who has paid cover for a loan, and gets back what is recovered of it.
    mapping(bytes32 loanId => address fund) internal _funds;

    constructor(Neighbours memory n) AccessManaged(n.authority) EIP712("Tallystick", "1") {
        CASH = n.cash;
        IDENTITY = n.identity;
        CREDIT = n.credit;
    }

    /// @dev The whole call is carried out by a module on this storage; control does not come back.
    function _delegate(address module) internal {
        assembly ("memory-safe") {
            let start := mload(0x40)
            calldatacopy(start, 0, calldatasize())
            let done := delegatecall(gas(), module, start, calldatasize(), 0, 0)
            returndatacopy(start, 0, returndatasize())
            if done {
                return(start, returndatasize())
            }
            revert(start, returndatasize())
        }
    }

    function _load(bytes32 loanId, Rolling memory s, Fixed memory t) internal view {
        PackedLoan storage stored = _loans[loanId];
        uint256 own = stored.own;
        stored.rolling.unpack(s);
        t.own = own;
        t.conditions = _conditions[own.conditionsIdOf()];
        t.instalment = s.instalment;
    }

    /// @dev When clocks stood still since a day, in days of the loan's time zone.
    function _clockSince(
        bytes32 loanId,
        Fixed memory t,
        uint256 day
    ) internal view returns (Clock memory clock) {
        uint256 word = _clock;
        uint256 pausedSince = word & U40;
        if (pausedSince == 0 && _dayAt(t, (word >> 40) & U40) <= day) return clock;
        uint256 count = word >> 80;
        uint256 first = count;
        while (first != 0 && _dayAt(t, (_stops[first - 1] >> 40) & U40) > day) --first;
        uint256 running = pausedSince == 0 ? 0 : 1;
        uint256[] memory stops = new uint256[](count - first + running);
        for (uint256 i = first; i < count; ++i) {
            uint256 stop = _stops[i];
            bool isHalt = stop >> HALT_SHIFT != 0;
            stops[i - first] = ClockLib.stop(_dayAt(t, stop & U40), _dayAt(t, (stop >> 40) & U40), isHalt);
            if (isHalt) clock.halted = true;
        }
        if (running != 0) stops[count - first] = ClockLib.stop(_dayAt(t, pausedSince), _today(t), false);
        clock.stops = stops;
        if (clock.halted) clock.noted = _borneFees[loanId];
    }

    /// @dev Once a halt is known, the clock alone does not tell what a loan has borne before it was.
    function _noteFees(bytes32 loanId, Clock memory clock) internal {
        if (clock.halted) _borneFees[loanId] = clock.noted;
    }

    /// @dev As ProductPacking packs them: the caps in force now.
    function _capsOf(bytes32 productId) internal view returns (uint256 caps) {
        Product storage product = _products[productId];
        caps = product.word;
        uint256 nextDay = caps.nextDay();
        if (nextDay != 0 && block.timestamp / 1 days >= nextDay) caps = product.next;
    }

    function _reduceOutstanding(uint256 facilityId, uint256 principalMinor) internal returns (address) {
        Facility storage facility = _facilities[facilityId];
        unchecked {
            facility.line -= uint96(principalMinor); // its lowest bits; it has lent what is paid back
        }
        return facility.lender;
    }

    function _sum(address lender) internal view returns (Position memory p) {
        uint256[] storage ids = _facilitiesOf[lender];
        for (uint256 i; i < ids.length; ++i) p.outstandingMinor += _facilities[ids[i]].line & U44;
        Losses storage losses = _losses[lender];
        p.impairedMinor = losses.impaired;
        p.lostMinor = losses.lost;
        p.recoveredMinor = losses.recovered;
    }

    function _requireStanding(address party) internal view {
        if (!IDENTITY.mayTransact(party)) revert ILoanBook.PartyNotInStanding(party);
    }

    function _requireBefore(uint256 deadline) internal view {
        if (block.timestamp > deadline) revert DeadlinePassed(deadline, block.timestamp);
    }

    /// @dev The day in the loan's time zone. No ledger is as young as a day.
    function _today(Fixed memory t) internal view returns (uint256) {
        return _dayAt(t, block.timestamp);
    }

    /// @dev A loan's status as it is shown, from that of its rolling slot and the kind in its special word.
    function _shown(uint256 status, uint256 kind) internal pure returns (uint256) {
        if (status == 0) return 0;
        if (status == ENDED) {
            if (kind == SpecialPacking.CANCELLED) return SHOWN_CANCELLED;
            return kind == SpecialPacking.UNWOUND ? SHOWN_UNWOUND : SHOWN_CLOSED;
        }
        if (kind == SpecialPacking.DEFAULTED) return SHOWN_DEFAULTED;
        return kind == SpecialPacking.WRITTEN_OFF ? SHOWN_WRITTEN_OFF : SHOWN_ACTIVE;
    }

    function _dayAt(Fixed memory t, uint256 instant) internal pure returns (uint256) {
        unchecked {
            int256 local = int256(instant) + t.timeZone() * MINUTE_SECONDS;
            return local < 0 ? 0 : uint256(local) / DAY_SECONDS;
        }
    }
}
