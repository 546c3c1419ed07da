package org.rafiq.presenters

/**
 * What a screen always says: tabs, buttons, headings, fields, and what a screen reader says of a pictogram. All of them are said in
 * one call a language ([Words]); none needs a value.
 */
enum class Word(internal val id: String) {
    // Tabs
    TAB_TODAY("today-title"),
    TAB_CHECK_IN("app-tab-check-in"),
    TAB_TOGETHER("app-tab-together"),
    TAB_DIRECTORY("app-tab-directory"),

    // Everywhere
    NEXT("app-next"),
    BACK("app-back"),
    CLOSE("app-close"),
    SAVE("app-save"),
    CANCEL("app-cancel"),
    ADD("app-add"),
    TRY_AGAIN("app-try-again"),
    UNDERSTOOD("app-understood"),
    MORE("app-more"),
    CLEAR("app-clear"),
    COPY("app-copy"),
    SEND("app-send"),
    DONE("today-done"),
    LOADING("app-loading"),
    CHOSEN("app-chosen"),
    NOT_CHOSEN("app-not-chosen"),

    // Setting up, opening, trouble
    WELCOME("app-welcome"),
    WELCOME_ABOUT("app-welcome-about"),
    SET_UP_LANGUAGE("app-set-up-language"),
    SET_UP_NAME("app-set-up-name"),
    SET_UP_PROTECTION("app-set-up-protection"),
    NAME("app-name"),
    NAME_ABOUT("app-name-about"),
    PROTECTION_ABOUT("app-protection-about"),
    WITH_PASSPHRASE("app-with-passphrase"),
    WITHOUT_PASSPHRASE("app-without-passphrase"),
    PASSPHRASE("app-passphrase"),
    PASSPHRASE_AGAIN("app-passphrase-again"),
    BEGIN("app-begin"),
    UNLOCK_TITLE("app-unlock-title"),
    UNLOCK("app-unlock"),
    OPENING("cli-opening"),
    TROUBLE_TITLE("app-trouble-title"),
    SET_ASIDE("app-set-aside"),
    SET_ASIDE_ABOUT("app-set-aside-about"),

    // Today
    SETTLE("app-settle"),

    // Check-ins
    NOTE("app-note"),
    CHECK_IN_AGAIN("app-check-in-again"),
    CHECK_INS_TITLE("app-check-ins-title"),
    TAKE_BACK("app-take-back"),
    TAKE_BACK_ASK("app-take-back-ask"),

    // Together
    PAIRINGS("app-pairings"),
    GROUPS("app-groups"),
    REQUESTS_TITLE("app-requests-title"),
    BEGIN_PAIRING("app-begin-pairing"),
    MODEL_ASK("app-model-ask"),
    PAIRING_TITLE("app-pairing-title"),
    ROLE_ASK("app-role-ask"),
    FOUND_GROUP("app-found-group"),
    GROUP_NAME("app-group-name"),
    GROUP_LANGUAGE("app-group-language"),
    GROUP_CAPACITY("app-group-capacity"),
    GROUP_PLACE("app-group-place"),
    INVITE("app-invite"),
    JOIN("app-join"),

    // A pairing
    PEOPLE("app-people"),
    YOU("app-you"),
    NEXT_MEETING("app-next-meeting"),
    PLAN_MEETING("app-plan-meeting"),
    DAY("app-day"),
    TIME("app-time"),
    PLACE("app-place"),
    CHOOSE_THIS("app-choose-this"),
    GOALS("app-goals"),
    GOAL_ASK("goal-ask"),
    GOAL_REACHED("goal-reached"),
    GOAL_SET_ASIDE("goal-set-aside"),
    MILESTONES("app-milestones"),
    MILESTONE_ADD("app-milestone-add"),
    MILESTONE_OWN("milestone-own-words"),
    STEPS("app-steps"),
    CONTACTS("app-contacts"),
    CONTACT_ADD("app-contact-add"),
    CONTACT_HOW("app-contact-how"),
    CONTACT_ABOUT("app-contact-about"),
    RESPONDER_ASK("app-responder-ask"),
    HEARS_FIRST("app-hears-first"),

    // A group and who came
    SESSIONS("app-sessions"),
    SESSION_MOVE("app-session-move"),
    SESSION_CANCEL("app-session-cancel"),
    PERSON_ADD("app-person-add"),
    PERSON_NAME("app-person-name"),
    PERSON_LANGUAGE("app-person-language"),
    ATTENDANCE_ASK("attendance-ask"),
    MARKED_DIFFERENTLY("app-marked-differently"),

    // The directory
    SEARCH("app-search"),
    DIRECTORIES("app-directories"),
    CALL("app-call"),
    PHONES("app-phones"),
    PLACES("app-places"),
    HOURS("app-hours"),
    LANGUAGES("app-languages"),
    WEBSITE("app-website"),
    EMAIL("app-email"),
    REPORT_ASK("directory-report-ask"),

    // Inviting and joining
    INVITE_TITLE("app-invite-title"),
    INVITE_ASK("app-invite-ask"),
    INVITE_CODE("app-invite-code"),
    LOOK_FIRST("app-look-first"),
    ADMIT("app-admit"),
    DECLINE("app-decline"),
    SCAN("app-scan"),
    INVITE_TEXT("app-invite-text"),
    ACCEPT("app-accept"),

    // Exchanging
    EXCHANGE_TITLE("app-exchange-title"),
    EXCHANGE_NOW("app-exchange-now"),
    EXCHANGING("cli-exchanging"),
    RELAY("app-relay"),
    RELAY_ABOUT("app-relay-about"),
    HELD_TITLE("app-held-title"),

    // Oneself
    PROFILE("app-profile"),
    RENAME("app-rename"),
    LANGUAGE("app-language"),
    CALENDAR("app-calendar"),
    PASSPHRASE_CHANGE("app-passphrase-change"),
    PASSPHRASE_OLD("app-passphrase-old"),
    PASSPHRASE_NEW("app-passphrase-new"),
    LOCK("app-lock"),
    WIPE("app-wipe"),
    WIPE_ASK("app-wipe-ask"),
    WIPE_YES("app-wipe-yes"),
}
