// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Agreement, Guarantee, Release} from "../Types.sol";

/// @title Cash that stands for other people's loans
/// @notice A guarantor puts the most it may lose into the fund when it binds itself; what is not needed goes back. A
/// guarantee is signed before the loan is: it names the agreement's salt and parties, and is attached to the loan once
/// there is one. Its id is the EIP-712 digest of what both sides signed.
///
///     bind --> bound --attach--> attached --callCover--> paid in part or in whole
///                 \_____________________\______________________release--> nothing more can be called
///
/// The loss of a loan in default, written off or not, is borne by its guarantors first, in the order in which they were
/// attached, then by its insurers, then by the lender (whose pool has a first loss of its own). What is recovered goes
/// back the other way.
/// The fund holds, at any time: the sum over all guarantees of cap - paid + recovered - withdrawn.
interface IGuaranteeFund {
    /// @notice Guarantor and lender signed, and the guarantor's cash is here.
    event GuaranteeBound(
        bytes32 indexed guarantee,
        address indexed guarantor,
        address indexed lender,
        Guarantee terms
    );
    /// @notice The guarantee covers this loan from now on, and the lender paid the premium.
    event GuaranteeAttached(bytes32 indexed guarantee, bytes32 indexed loan, uint256 premiumMinor);
    /// @notice The guarantee bore this much of the loan's loss.
    event CoverPaid(
        bytes32 indexed guarantee,
        bytes32 indexed loan,
        address indexed lender,
        uint256 amountMinor
    );
    /// @notice This much of what the guarantee paid was recovered, and is the guarantor's to withdraw.
    event CoverRecovered(bytes32 indexed guarantee, bytes32 indexed loan, uint256 amountMinor);
    /// @notice Nothing more can be called; this much is the guarantor's to withdraw.
    event GuaranteeReleased(bytes32 indexed guarantee, uint256 amountMinor);
    /// @notice The guarantor has this much of its cash again.
    event GuaranteeWithdrawn(bytes32 indexed guarantee, address indexed guarantor, uint256 amountMinor);

    /// @notice Neither a guarantor (0) nor an insurer (1).
    error UnknownKind(uint256 kind);
    /// @notice The cap must cover something, and the premium may be a part of it only.
    error PremiumOutOfRange(uint256 premiumMinor, uint256 maxMinor, uint256 maxPremiumMinor);
    /// @notice Nobody stands for its own debt or its own loan.
    error OwnLoan(address guarantor);
    /// @notice The party is not registered, frozen, or its KYC expired.
    error PartyNotInStanding(address party);
    /// @notice The guarantee was bound before.
    error GuaranteeExists(bytes32 guarantee);
    /// @notice The guarantee is not bound, or is released.
    error GuaranteeNotOpen(bytes32 guarantee);
    /// @notice The guarantee ended with this UTC day.
    error GuaranteeExpired(bytes32 guarantee, uint256 lastDay);
    /// @notice The guarantee covers a loan already.
    error GuaranteeAttachedBefore(bytes32 guarantee, bytes32 loan);
    /// @notice The agreement is not the one that the guarantee was signed for: other salt, borrower or lender.
    error WrongAgreement(bytes32 guarantee, bytes32 loan);
    /// @notice The loan is not in a status (as LoanView names it) in which this can be done.
    error WrongLoanStatus(bytes32 loan, uint256 status);
    /// @notice The loan has as many guarantees as a call can go through.
    error TooManyCovers(bytes32 loan, uint256 most);
    /// @notice The guarantees of a loan would cover more than its principal.
    error Overcovered(bytes32 loan, uint256 coverMinor, uint256 principalMinor);
    /// @notice Nothing is uncovered, or no guarantee can pay.
    error NothingCovered(bytes32 loan);
    /// @notice More came back than guarantees paid.
    error RecoveryTooLarge(bytes32 loan, uint256 excessMinor);
    /// @notice Only the LoanBook may say what was recovered.
    error NotLoanBook(address caller);
    /// @notice The lender has not released it, its loan has not ended, and its last day has not passed.
    error NotReleasable(bytes32 guarantee);

    /// @notice Binds a guarantor, whose cash up to the cap moves into the fund.
    /// @dev A subject signs as for a payment. An institution calls itself; or it answers ERC-1271 and has approved the
    /// fund at CashToken: a key that only signs agreements for a pool cannot spend the pool's cash as a guarantor.
    /// Reverts DeadlinePassed, UnknownKind, PremiumOutOfRange, OwnLoan, GuaranteeExists, GuaranteeExpired,
    /// PartyNotInStanding, InvalidSignature, InsufficientCash.
    /// @param terms what both sign
    /// @param guarantorSigner which of the subject's signers signed; empty for an institution
    /// @param guarantorSignature by that signer; empty when the guarantor itself calls
    /// @param lenderSignature what the lender's ERC-1271 accepts
    /// @return guarantee the id
    function bind(
        Guarantee calldata terms,
        bytes calldata guarantorSigner,
        bytes calldata guarantorSignature,
        bytes calldata lenderSignature
    ) external returns (bytes32 guarantee);

    /// @notice Lets a guarantee cover the loan of an agreement; the lender pays the premium. Anyone may.
    /// @dev Only an active loan: cover begins before the default. Reverts GuaranteeNotOpen, GuaranteeExpired,
    /// GuaranteeAttachedBefore, WrongAgreement, WrongLoanStatus, PartyNotInStanding(lender), TooManyCovers,
    /// Overcovered, InsufficientCash.
    /// @param guarantee the id
    /// @param agreement of the loan
    function attach(bytes32 guarantee, Agreement calldata agreement) external;

    /// @notice Pays the lender of a loan in default or written off what is uncovered of its principal, as far as
    /// guarantees reach. Anyone may.
    /// @dev Nothing is paid twice: a payment counts against the cap, and the LoanBook has that much less uncovered.
    /// Reverts WrongLoanStatus, NothingCovered.
    /// @param loan the loan id
    /// @return paidMinor minor units
    function callCover(bytes32 loan) external returns (uint256 paidMinor);

    /// @notice Credits recovered cash, which the LoanBook has moved here, to those who paid, the last one first.
    /// @dev Only the LoanBook. Reverts NotLoanBook, RecoveryTooLarge.
    /// @param loan the loan id
    /// @param amountMinor minor units
    function recovered(bytes32 loan, uint256 amountMinor) external;

    /// @notice Ends a guarantee: by its lender; by anyone once its loan has ended or its last day has passed.
    /// @dev Reverts GuaranteeNotOpen, NotReleasable.
    /// @param guarantee the id
    function release(bytes32 guarantee) external;

    /// @notice Ends a guarantee by its lender's signature. Anyone may bring it.
    /// @dev Reverts DeadlinePassed, GuaranteeNotOpen, InvalidSignature.
    /// @param order what the lender signed
    /// @param lenderSignature what the lender's ERC-1271 accepts
    function releaseBySignature(Release calldata order, bytes calldata lenderSignature) external;

    /// @notice Pays a guarantor what is its own again, recovered or released. Anyone may call; a frozen guarantor
    /// receives it too.
    /// @param guarantee the id
    /// @return amountMinor minor units
    function withdraw(bytes32 guarantee) external returns (uint256 amountMinor);

    /// @notice A guarantee as it stands.
    /// @param guarantee the id
    /// @return view_ all zero when there is none
    function cover(bytes32 guarantee) external view returns (CoverView memory view_);

    /// @notice The guarantees of a loan in the order in which they pay.
    /// @param loan the loan id
    /// @return guarantees ids
    function coversOf(bytes32 loan) external view returns (bytes32[] memory guarantees);

    /// @notice What a guarantor can withdraw.
    /// @param guarantee the id
    /// @return amountMinor minor units
    function withdrawable(bytes32 guarantee) external view returns (uint256 amountMinor);

    /// @notice The EIP-712 digest of a guarantee: its id.
    /// @param terms what both sign
    /// @return digest the id
    function guaranteeDigest(Guarantee calldata terms) external view returns (bytes32 digest);
}

/// @notice The state of a guarantee. Amounts are minor units and only grow.
struct CoverView {
    address guarantor;
    address lender;
    bool released;
    uint256 kind; // 0 guarantor, 1 insurer
    uint256 lastDay; // UTC
    bytes32 loan; // zero until attached
    uint256 capMinor;
    uint256 paidMinor; // to the lender
    uint256 recoveredMinor; // of what was paid
    uint256 withdrawnMinor; // by the guarantor
}
