package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.rafiq.RafiqException
import org.rafiq.Recovery

/** The first steps: language, name, protection. */
data class SetUpContent(
    val step: SetUpStep,
    /** "Step 1 of 3". */
    val progress: String,
    val languages: List<LanguageChoice>,
    val name: String,
    /** The person has twelve words: these are asked for instead of a name. */
    val recovering: Boolean,
    /** What the word that is being typed may become: all that is typed, with it; and the word itself. */
    val suggestions: List<Choice<String>>,
    /** That one of the words cannot be right, in a sentence, as soon as it is typed. */
    val misspelt: String?,
    /** Whether a passphrase is wanted; null until that was answered. */
    val withPassphrase: Boolean?,
    /** What is missing is no mistake: the button for the next step waits for it. */
    val canGoOn: Boolean,
    /** It is being opened, which takes about a second with a passphrase; longer, where what was written comes back. */
    val busy: Boolean,
    /** The display stays on: what comes back takes its time, and nobody touches anything meanwhile. */
    val staysOn: Boolean,
    /** In the language that is chosen, as it is chosen. */
    val words: Words,
    val remark: String?,
    val notice: String?,
)

/** The steps of setting up. */
enum class SetUpStep { LANGUAGE, NAME, PROTECTION }

/** What a person does while setting up. */
sealed interface SetUpEvent {
    data class ChooseLanguage(val tag: String) : SetUpEvent
    data class EnterName(val name: String) : SetUpEvent
    data class ChooseRecovering(val recovering: Boolean) : SetUpEvent
    data class EnterKit(val words: String, val relay: String) : SetUpEvent
    data class ChooseProtection(val withPassphrase: Boolean) : SetUpEvent
    data class EnterPassphrase(val first: String, val again: String) : SetUpEvent
    data object Next : SetUpEvent
    data object Back : SetUpEvent

    /** Makes the profile; the app is open afterwards. */
    data object Finish : SetUpEvent
    data object Dismiss : SetUpEvent
}

/** The first steps of a person with the app. */
class SetUpPresenter(private val app: AppPresenter, scope: CoroutineScope) : Presenter<SetUpContent, SetUpEvent>(scope) {
    private var step = SetUpStep.LANGUAGE
    private var words: Words? = null
    private var name = ""
    private var recovering = false
    private var kit = "" to ""
    private var suggestions = emptyList<Choice<String>>()
    private var unknown: Pair<Int, String>? = null
    private var withPassphrase: Boolean? = null
    private var passphrase = "" to ""
    private var busy = false
    private var notice: String? = null

    init {
        scope.launch { inTurn { show() } }
    }

    override suspend fun act(event: SetUpEvent) {
        notice = null
        when (event) {
            is SetUpEvent.ChooseLanguage -> speak(event.tag)
            is SetUpEvent.EnterName -> name = event.name
            is SetUpEvent.ChooseRecovering -> recovering = event.recovering
            is SetUpEvent.EnterKit -> enter(event)
            is SetUpEvent.ChooseProtection -> withPassphrase = event.withPassphrase
            is SetUpEvent.EnterPassphrase -> passphrase = event.first to event.again
            SetUpEvent.Next -> if (canGoOn()) next()
            SetUpEvent.Back -> step = SetUpStep.entries[maxOf(0, step.ordinal - 1)]
            SetUpEvent.Finish -> finish()
            SetUpEvent.Dismiss -> Unit
        }
        show()
    }

    private suspend fun next() {
        // Said here, beside the words, and not after the next question.
        if (step == SetUpStep.NAME && recovering) notice = refusal { Recovery.check(kit.first) }
        if (notice == null) step = SetUpStep.entries.getOrElse(step.ordinal + 1) { step }
    }

    private suspend fun enter(event: SetUpEvent.EnterKit) {
        val isSame = event.words == kit.first
        kit = event.words to event.relay
        if (isSame) return
        val typed = TypedWords(event.words)
        suggestions = emptyList()
        unknown = null
        notice = refusal {
            suggestions = typed.suggestions()
            unknown = typed.unknown()
        }
    }

    /** What the library finds wrong with the words, in a sentence. It is asked without a profile: typing makes none. */
    private suspend fun refusal(ask: suspend () -> Unit): String? = try {
        ask()
        null
    } catch (error: RafiqException) {
        words?.error(error)
    }

    private suspend fun finish() {
        val words = words ?: return
        if (step != SetUpStep.PROTECTION || !canGoOn()) return
        val secret = passphrase.first.takeIf { withPassphrase == true }
        if (secret != null && secret != passphrase.second) {
            notice = words.say { text("cli-passphrase-differs") }
            return
        }
        busy = true
        show()
        app.on(
            if (recovering) AppEvent.Recover(kit.first.trim(), kit.second.trim(), words.tag, secret)
            else AppEvent.SetUpDone(name.trim(), words.tag, secret),
        ).join()
        busy = false
        notice = when (val found = app.state.value) {
            is UiState.Content -> found.content.notice
            is UiState.Failed -> found.sentence
            else -> null
        }
        if (notice == null) enter(SetUpEvent.EnterKit("", ""))
        else if (recovering) step = SetUpStep.NAME // beside the words, which can be compared there
    }

    private fun canGoOn(): Boolean = when (step) {
        SetUpStep.LANGUAGE -> true
        SetUpStep.NAME -> if (recovering) TypedWords(kit.first).isAll && kit.second.isNotBlank() else name.isNotBlank()
        SetUpStep.PROTECTION -> when (withPassphrase) {
            null -> false
            false -> true
            true -> passphrase.first.isNotEmpty() && passphrase.second.isNotEmpty()
        }
    }

    private suspend fun speak(tag: String) {
        words = withContext(Dispatchers.Default) { Words.of(tag) }
    }

    private suspend fun show() {
        if (words == null) {
            speak(app.host.deviceLanguage())
            words?.let { if (!it.isOwn) speak(it.spokenIn) } // a device in a language that is not shipped
        }
        val words = words ?: return
        shown.value = words.say {
            val progress = text("app-set-up-step", "step" to step.ordinal + 1, "steps" to SetUpStep.entries.size)
            val languages = languageChoices(words.spokenIn)
            val isTyping = step == SetUpStep.NAME && recovering
            val wrong = if (isTyping) unknown else null
            val misspelt = wrong?.let { (number, word) -> text("app-kit-unknown", "number" to number, "word" to word) }
            UiState.Content(
                SetUpContent(
                    step, progress, languages, name, recovering, if (isTyping) suggestions else emptyList(), misspelt, withPassphrase, canGoOn(),
                    busy, staysOn = busy && recovering, words, remark, notice,
                ),
            )
        }
    }
}
