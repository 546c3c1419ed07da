package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import org.rafiq.Me
import org.rafiq.NewMe
import org.rafiq.RafiqException

/** Oneself, and this phone. */
data class ProfileContent(
    val name: String,
    val languages: List<LanguageChoice>,
    /** By CLDR name; null is the language's usual one. */
    val calendars: List<Choice<String?>>,
    val hasPassphrase: Boolean,
    /** Whether a passphrase protects it, in a sentence. */
    val protection: String,
    /** A passphrase is being changed, which takes about two seconds. */
    val busy: Boolean,
    val remark: String?,
    val notice: String?,
)

/** What a person changes about oneself and this phone. */
sealed interface ProfileEvent {
    data class Rename(val name: String) : ProfileEvent

    /** The app goes on in a new session, in this language. */
    data class ChooseLanguage(val tag: String) : ProfileEvent
    data class ChooseCalendar(val calendar: String?) : ProfileEvent

    /** [old] is empty where there was none; [new] is empty to have none. */
    data class ChangePassphrase(val old: String, val new: String, val again: String) : ProfileEvent
    data object Lock : ProfileEvent

    /** Deletes everything; only when [confirmed]. */
    data class Wipe(val confirmed: Boolean) : ProfileEvent
    data object Dismiss : ProfileEvent
}

/** Oneself, and how this phone keeps it. */
class ProfilePresenter(session: Session, scope: CoroutineScope) : SessionPresenter<ProfileContent, ProfileEvent>(session, scope) {
    private val app = session.keeper
    private var busy = false

    init {
        begin()
    }

    override suspend fun look(): UiState<ProfileContent> {
        val me = me()
        return session.words.say {
            UiState.Content(
                ProfileContent(
                    name = me.name,
                    languages = languageChoices(session.words.spokenIn),
                    calendars = CALENDARS.map { (calendar, word) -> Choice(calendar, text(word), calendar == me.calendar) },
                    hasPassphrase = app.hasPassphrase,
                    protection = text(if (app.hasPassphrase) "app-passphrase-set" else "app-passphrase-none"),
                    busy = busy,
                    remark = remark,
                    notice = notice,
                ),
            )
        }
    }

    override suspend fun perform(event: ProfileEvent) {
        when (event) {
            is ProfileEvent.Rename -> {
                val me = me()
                session.ask { people.setMe(NewMe(event.name.trim(), me.language, me.calendar)) }
                notice = session.words.say { text("app-saved") }
            }
            is ProfileEvent.ChooseLanguage -> me().let { goOn(NewMe(it.name, event.tag, it.calendar)) }
            is ProfileEvent.ChooseCalendar -> me().let { goOn(NewMe(it.name, it.language, event.calendar)) }
            is ProfileEvent.ChangePassphrase -> change(event)
            // It waits for all the others: also for those of this screen, which have their turn meanwhile.
            ProfileEvent.Lock -> aside { work.aside { app.on(AppEvent.Lock).join() } }
            is ProfileEvent.Wipe -> if (event.confirmed) aside { work.aside { app.wipe() } }
            ProfileEvent.Dismiss -> Unit
        }
    }

    override fun noted(content: ProfileContent, notice: String?) = content.copy(notice = notice)

    private suspend fun goOn(new: NewMe) {
        val me = session.ask { people.setMe(new) }
        aside { app.goOn(session, me) }
    }

    private suspend fun change(event: ProfileEvent.ChangePassphrase) {
        if (event.new != event.again) {
            notice = session.words.say { text("cli-passphrase-differs") }
            return
        }
        busy = true
        show()
        try {
            aside { app.changePassphrase(event.old.ifEmpty { null }, event.new.ifEmpty { null }) }
            notice = session.words.say { text(if (event.new.isEmpty()) "app-passphrase-removed" else "app-passphrase-changed") }
        } finally {
            busy = false
        }
    }

    private suspend fun me(): Me = session.ask { people.me() } ?: throw RafiqException.NotFound()

    private companion object {
        /** By their CLDR names. */
        val CALENDARS = listOf(
            null to "app-calendar-usual",
            "gregory" to "app-calendar-gregorian",
            "persian" to "app-calendar-solar-hijri",
        )
    }
}
