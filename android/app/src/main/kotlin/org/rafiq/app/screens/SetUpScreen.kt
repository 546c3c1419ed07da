package org.rafiq.app.screens

import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.widget.FrameLayout
import kotlinx.coroutines.launch
import org.rafiq.app.look.ChoiceChips
import org.rafiq.app.look.ChoiceRow
import org.rafiq.app.look.Field
import org.rafiq.app.look.Look
import org.rafiq.app.look.Page
import org.rafiq.app.look.Pieces
import org.rafiq.app.look.Type
import org.rafiq.app.look.Writing
import org.rafiq.presenters.SetUpContent
import org.rafiq.presenters.SetUpEvent
import org.rafiq.presenters.SetUpPresenter
import org.rafiq.presenters.SetUpStep
import org.rafiq.presenters.Word
import org.rafiq.presenters.Words

/** The first steps: language, name, protection. Choosing a language makes the screen anew in it. */
fun setUpScreen(way: Way, presenter: SetUpPresenter): View {
    val frame = FrameLayout(way.look.context)
    var words: Words? = null
    var steps: SetUpSteps? = null
    way.scope.launch {
        presenter.state.collect {
            val content = presenter.state.now() ?: return@collect
            if (content.words !== words) {
                words = content.words
                val made = SetUpSteps(Page(Look(way.look.context, content.words)), steps) { presenter.on(it) }
                steps = made
                frame.removeAllViews()
                frame.addView(made.page, FrameLayout.LayoutParams(MATCH_PARENT, MATCH_PARENT))
            }
            steps?.show(content)
        }
    }
    return frame
}

/** What was written on the steps [before], in another language, stays written. */
private class SetUpSteps(val page: Page, before: SetUpSteps?, private val send: (SetUpEvent) -> Unit) {
    private val look = page.look
    private val labels = look.labels
    private val name = Field(look, labels[Word.NAME], labels[Word.NAME_ABOUT], writing = Writing.NAME) { send(SetUpEvent.Next) }
    private val twelve = Field(look, labels[Word.KIT_WORDS], labels[Word.KIT_ENTER_ABOUT], lines = 3, writing = Writing.COPIED)
    private val relay = Field(look, labels[Word.RELAY_ADDRESS], labels[Word.KIT_RELAY_ABOUT], writing = Writing.ADDRESS)
    private val first = Field(look, labels[Word.PASSPHRASE], writing = Writing.SECRET)
    private val again = Field(look, labels[Word.PASSPHRASE_AGAIN], writing = Writing.SECRET) { send(SetUpEvent.Finish) }
    private val fields = listOf(name, twelve, relay, first, again)

    init {
        before?.fields?.zip(fields) { old, new -> new.text = old.text }
        name.changed = { send(SetUpEvent.EnterName(it)) }
        twelve.changed = { send(SetUpEvent.EnterKit(it, relay.text)) }
        relay.changed = { send(SetUpEvent.EnterKit(twelve.text, it)) }
        first.changed = { send(SetUpEvent.EnterPassphrase(it, again.text)) }
        again.changed = { send(SetUpEvent.EnterPassphrase(first.text, it)) }
    }

    fun show(content: SetUpContent) {
        page.keepScreenOn = content.staysOn
        step(content)
    }

    private fun step(content: SetUpContent) = page.show(
        labels[title(content)], content.remark, content.notice, { send(SetUpEvent.Dismiss) }, content.step to content.recovering,
        stepBack = { send(SetUpEvent.Back) }.takeIf { content.step != SetUpStep.LANGUAGE },
        main = {
            // Here and not below the field, where the keyboard could lie over them.
            content.misspelt?.let { said ->
                piece("misspelt", said) {
                    look.text(said, Type.STRONG).also { it.accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE }
                }
            }
            suggestions(content)
            when {
                content.busy -> busy(labels[Word.OPENING])
                content.step == SetUpStep.PROTECTION -> main(labels[Word.BEGIN], content.canGoOn) { send(SetUpEvent.Finish) }
                else -> main(labels[Word.NEXT], content.canGoOn) { send(SetUpEvent.Next) }
            }
        },
    ) {
        text(content.progress, Type.SMALL)
        when (content.step) {
            SetUpStep.LANGUAGE -> {
                text(labels[Word.WELCOME_ABOUT])
                languages(content.languages, labels[Word.SET_UP_LANGUAGE]) { send(SetUpEvent.ChooseLanguage(it)) }
            }
            SetUpStep.NAME -> if (content.recovering) words() else {
                kept(name)
                button(labels[Word.KIT_HAVE]) { send(SetUpEvent.ChooseRecovering(true)) }
            }
            SetUpStep.PROTECTION -> protection(content)
        }
    }

    /** The words of a phone that is gone, instead of a name. */
    private fun Pieces.words() {
        kept(twelve)
        kept(relay)
        button(labels[Word.KIT_HAVE_NOT]) { send(SetUpEvent.ChooseRecovering(false)) }
    }

    private fun Pieces.suggestions(content: SetUpContent) {
        val proposed = content.suggestions
        if (proposed.isNotEmpty()) piece("suggestions", proposed) {
            ChoiceChips(look, proposed.map { it.text }) { twelve.text = proposed[it].value }.also { it.propose() }
        }
    }

    private fun title(content: SetUpContent): Word = when (content.step) {
        SetUpStep.LANGUAGE -> Word.WELCOME
        SetUpStep.NAME -> if (content.recovering) Word.KIT_ENTER else Word.SET_UP_NAME
        SetUpStep.PROTECTION -> Word.SET_UP_PROTECTION
    }

    private fun Pieces.protection(content: SetUpContent) {
        text(labels[Word.PROTECTION_ABOUT])
        for ((with, word) in listOf(true to Word.WITH_PASSPHRASE, false to Word.WITHOUT_PASSPHRASE)) near {
            piece("protection", with) { ChoiceRow(look, labels[word]) { send(SetUpEvent.ChooseProtection(with)) } }
                .chosen = content.withPassphrase == with
        }
        if (content.withPassphrase == true) {
            kept(first)
            kept(again)
        }
    }
}
