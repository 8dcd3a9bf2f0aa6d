// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ScoreReport} from "../Types.sol";

/// @title Score reports and the part of their limits that is in use
/// @notice A report counts only when a quorum of the signers of its day signed it, and until it expires, is revoked
/// or is superseded by the subject's next one. A change of signers leaves earlier reports as they are: revoke those
/// that a removed signer makes doubtful.
interface ICreditRegistry {
    /// @notice A report became the subject's current one.
    event ReportPublished(
        address indexed subject,
        bytes32 indexed uid,
        ScoreReport report,
        address[] signers
    );
    /// @notice A report no longer counts, for a reason kept elsewhere under this salted hash.
    event ReportRevoked(address indexed subject, bytes32 indexed uid, bytes32 reason);
    /// @notice The signers, ascending, and the quorum among them.
    event SignersChanged(bytes32 indexed signerSet, address[] signers, uint256 quorum);
    /// @notice A LoanBook may, or may no longer, reserve limits.
    event LoanBookChanged(address indexed loanBook, bool listed);

    /// @notice Fewer signatures than the quorum.
    error TooFewSignatures(uint256 given, uint256 quorum);
    /// @notice Signatures must be whole (65 bytes each: r, s, v).
    error MalformedSignatures(uint256 length);
    /// @notice Signatures must come by strictly ascending signer address; a double one is thereby refused too.
    error SignersNotAscending(address previous, address next);
    /// @notice The signature at this position is malformed (length, v or high s).
    error MalformedSignature(uint256 position);
    /// @notice The recovered address is not a registered signer.
    error UnknownSigner(address signer);
    /// @notice The report was signed for another signer set.
    error WrongSignerSet(bytes32 given, bytes32 current);
    /// @notice The report's sequence does not follow the subject's last one.
    error WrongSequence(address subject, uint256 given, uint256 expected);
    /// @notice The block the signers read is unknown to the ledger: too old, or not yet made.
    error StaleReport(uint256 blockNumber);
    /// @notice The signers read another ledger than this one.
    error WrongBlockHash(uint256 blockNumber, bytes32 given, bytes32 actual);
    /// @notice A value of the report does not fit its field.
    error ReportOutOfRange(uint256 score, uint256 limitMinor, uint256 issuedAt, uint256 expiresAt);
    /// @notice The report is dated in the future.
    error ReportFromFuture(uint256 issuedAt, uint256 nowAt);
    /// @notice The report has expired.
    error ReportExpired(bytes32 uid, uint256 expiresAt);
    /// @notice The report was revoked.
    error RevokedReport(bytes32 uid);
    /// @notice The report is not the subject's current one.
    error ReportSuperseded(bytes32 uid, bytes32 current);
    /// @notice The principal does not fit into what is left of the limit.
    error LimitExceeded(address subject, uint256 wantedMinor, uint256 availableMinor);
    /// @notice A signer set needs ascending distinct addresses and a quorum above two thirds of their number.
    error InvalidSignerSet(uint256 signers, uint256 quorum);
    /// @notice Only a listed LoanBook may reserve or release.
    error NotLoanBook(address caller);

    /// @notice Makes a report the subject's current one. Anyone may bring it; the signatures authorise it.
    /// @param report what the signers say
    /// @param signatures of at least a quorum, 65 bytes each, concatenated by ascending signer address
    /// @return uid the EIP-712 digest of the report
    function publish(ScoreReport calldata report, bytes calldata signatures) external returns (bytes32 uid);

    /// @notice Revokes the subject's current report.
    /// @dev Restricted to REVOKER. Reverts ReportSuperseded, RevokedReport.
    /// @param subject the person
    /// @param uid of the current report
    /// @param reason salted hash of the reason
    function revoke(address subject, bytes32 uid, bytes32 reason) external;

    /// @notice Replaces the signer set; reports signed for the old set can no longer be published.
    /// @dev Restricted to SIGNER_ADMIN. Reverts InvalidSignerSet.
    /// @param signers ascending, distinct
    /// @param quorum how many must sign: more than two thirds, so that two quorums always share an honest signer
    function setSigners(address[] calldata signers, uint256 quorum) external;

    /// @notice Lists or unlists a LoanBook.
    /// @dev Restricted to BOOKKEEPER.
    /// @param loanBook the contract
    /// @param listed whether it may reserve and release
    function setLoanBook(address loanBook, bool listed) external;

    /// @notice Reserves principal under the subject's current report.
    /// @dev Only for listed LoanBooks. Reverts NotLoanBook, ReportSuperseded, RevokedReport, ReportExpired,
    /// LimitExceeded.
    /// @param subject the borrower
    /// @param uid the report the agreement names
    /// @param amountMinor principal
    /// @return reservedMinor what is reserved for the subject now, over all LoanBooks
    function reserve(
        address subject,
        bytes32 uid,
        uint256 amountMinor
    ) external returns (uint256 reservedMinor);

    function noteArrears(address subject, uint256 before, uint256 bucket) external;

    /// @notice Gives back the principal of a closed loan.
    /// @dev Only for listed LoanBooks. Reverts NotLoanBook.
    /// @param subject the borrower
    /// @param amountMinor the principal reserved at origination
    function release(address subject, uint256 amountMinor, uint256 outcome) external;

    /// @notice The subject's current report, valid or not: test the times and `revoked`, or use requireCurrent.
    /// @param subject the person
    /// @return uid zero when none was ever published
    /// @return score points
    /// @return limitMinor 0 means declined
    /// @return issuedAt UTC seconds
    /// @return expiresAt UTC seconds
    /// @return sequence number of reports so far
    /// @return revoked whether it was
    function current(
        address subject
    )
        external
        view
        returns (
            bytes32 uid,
            uint256 score,
            uint256 limitMinor,
            uint256 issuedAt,
            uint256 expiresAt,
            uint256 sequence,
            bool revoked
        );

    /// @notice The limit of a report that counts now.
    /// @dev Reverts ReportSuperseded, RevokedReport, ReportExpired.
    /// @param subject the person
    /// @param uid of the report
    /// @return limitMinor the limit
    function requireCurrent(address subject, bytes32 uid) external view returns (uint256 limitMinor);

    /// @notice Open loans of a subject over all listed LoanBooks, and their principal.
    /// @param subject the person
    /// @return openLoans number
    /// @return reservedMinor sum of principals, each in full until its loan closes
    function exposure(address subject) external view returns (uint256 openLoans, uint256 reservedMinor);

    /// @notice keccak256(abi.encode(signers ascending, quorum)).
    /// @return digest of the current set
    function signerSet() external view returns (bytes32 digest);

    /// @notice Whether an address is a signer.
    /// @param signer the address
    /// @return whether it is
    function isSigner(address signer) external view returns (bool);

    /// @notice The current signers, ascending, and their quorum.
    /// @return signers addresses
    /// @return quorum how many must sign
    function signers() external view returns (address[] memory signers, uint256 quorum);

    /// @notice Whether a contract may reserve limits.
    /// @param loanBook the contract
    /// @return whether it is listed
    function isLoanBook(address loanBook) external view returns (bool);
}
