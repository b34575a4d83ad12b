"""What people can be told of. The kind decides who wants to hear; no notice ever says which it was. Pure."""

NEW_REPORT = "new-report"
NEW_MESSAGE = "new-message"
REFERRED = "report-referred"
CONSENT_WITHDRAWN = "consent-withdrawn"
ANSWER_OVERDUE = "answer-overdue"
PROTECTION_DUE = "protection-due"
CASE_SHARED = "case-shared"
CASE_WITHDRAWN = "case-withdrawn"
NEW_SIGNAL = "new-signal"
ALERT_CALL = "alert-call"
RESPONSE_DUE = "response-due"

KINDS = (
    NEW_REPORT,
    NEW_MESSAGE,
    REFERRED,
    CONSENT_WITHDRAWN,
    ANSWER_OVERDUE,
    PROTECTION_DUE,
    CASE_SHARED,
    CASE_WITHDRAWN,
    NEW_SIGNAL,
    ALERT_CALL,
    RESPONSE_DUE,
)
