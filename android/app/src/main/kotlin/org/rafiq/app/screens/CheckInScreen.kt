package org.rafiq.app.screens

import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.Button
import android.widget.LinearLayout
import org.rafiq.HelpKind
import org.rafiq.app.look.Field
import org.rafiq.app.look.Look
import org.rafiq.app.look.Newer
import org.rafiq.app.look.Palette
import org.rafiq.app.look.Pictogram
import org.rafiq.app.look.Pieces
import org.rafiq.app.look.ROUNDED
import org.rafiq.app.look.Space
import org.rafiq.app.look.Tint
import org.rafiq.app.look.Type
import org.rafiq.app.look.face
import org.rafiq.app.look.quiet
import org.rafiq.app.look.room
import org.rafiq.app.look.side
import org.rafiq.presenters.CheckInContent
import org.rafiq.presenters.CheckInEvent
import org.rafiq.presenters.CheckInPresenter
import org.rafiq.presenters.CheckInStep
import org.rafiq.presenters.FaceChoice
import org.rafiq.presenters.Place
import org.rafiq.presenters.Word

/** A check-in: a face, what would help, whether somebody shall get in touch. Three taps. */
fun checkInScreen(way: Way, presenter: CheckInPresenter): View {
    var field: Field? = null
    fun send(event: CheckInEvent) {
        if (event == CheckInEvent.Again) field = null
        presenter.on(event)
    }
    return way.screen(presenter.state, way[Word.TAB_CHECK_IN], again = { send(CheckInEvent.Dismiss) }) { content ->
        val note = field ?: Field(look, content.noteQuestion, lines = 3).also {
            it.changed = { written -> send(CheckInEvent.WriteNote(written)) }
            field = it
        }
        show(
            content.question, content.remark, content.notice, { send(CheckInEvent.Dismiss) }, content.step,
            stepBack = { send(CheckInEvent.Back) }.takeIf { content.step == CheckInStep.HELP || content.step == CheckInStep.CONTACT },
            main = {
                when (content.step) {
                    CheckInStep.FEELING -> Unit // a face leads on
                    CheckInStep.HELP -> main(way[Word.NEXT]) { send(CheckInEvent.Next) }
                    CheckInStep.CONTACT -> main(way[Word.SAVE]) { send(CheckInEvent.Save) }
                    CheckInStep.KEPT -> main(way[Word.CHECK_IN_AGAIN]) { send(CheckInEvent.Again) }
                }
            },
        ) {
            when (content.step) {
                CheckInStep.FEELING -> near { feelings(content, way, ::send) }
                CheckInStep.HELP -> {
                    text(way[Word.CHOOSE_SEVERAL], Type.SMALL)
                    near {
                        choices(content.helps, pictograms = content.helps.map { it.value.pictogram }, ticked = true) { send(CheckInEvent.ToggleHelp(it)) }
                    }
                }
                CheckInStep.CONTACT -> contact(content, note, ::send)
                CheckInStep.KEPT -> keptNow(content)
            }
            if (content.step == CheckInStep.FEELING || content.step == CheckInStep.KEPT) {
                button(way[Word.CHECK_INS_TITLE]) { way.open(Place.CheckIns) }
            }
        }
    }
}

/** What can be told without reading is. */
private val HelpKind.pictogram: Pictogram get() = when (this) {
    HelpKind.EMOTIONAL -> Pictogram.HEART
    HelpKind.PRACTICAL -> Pictogram.BAG
    HelpKind.COMPANIONSHIP -> Pictogram.TOGETHER
    HelpKind.INFORMATION -> Pictogram.DIRECTORY
}

private fun Pieces.feelings(content: CheckInContent, way: Way, send: (CheckInEvent) -> Unit) = content.faces.forEach { choice ->
    piece("face", choice) { way.look.faceRow(choice) { send(CheckInEvent.ChooseFeeling(choice.value)) } }
}

private fun Look.faceRow(choice: FaceChoice, choose: () -> Unit): View {
    val words = text(choice.text).apply { if (choice.chosen) typeface = Newer.typeface(Type.STRONG.weight) }
    val inside = side(face(choice.value, large = true), words, gap = Space.LARGE, growing = words)
    return object : LinearLayout(context) {
        override fun getAccessibilityClassName(): CharSequence = Button::class.java.name
    }.apply {
        addView(inside, LinearLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT))
        room(this@faceRow, Space.MIDDLE, Space.SMALL + Space.TINY / 2)
        background = touched(
            if (choice.chosen) ground(Palette.paleTeal, Palette.teal, ROUNDED, edgeWidth = 2)
            else ground(Palette.card, Palette.line, ROUNDED),
            ROUNDED,
        )
        contentDescription = choice.description + ", " + labels[if (choice.chosen) Word.CHOSEN else Word.NOT_CHOSEN]
        setOnClickListener { choose() }
    }
}

private fun Pieces.contact(content: CheckInContent, note: Field, send: (CheckInEvent) -> Unit) {
    choices(content.contacts) { send(CheckInEvent.ChooseContact(it)) }
    choices(content.shares, under = content.shareQuestion) { send(CheckInEvent.ChooseShare(it)) }
    note.fill(content.note)
    kept(note)
}

private fun Pieces.keptNow(content: CheckInContent) {
    content.danger?.let { danger -> card(danger, Tint.URGENT) { put(look.text(danger)) } }
    content.kept?.let { kept ->
        card(kept) { put(look.quiet(kept, Pictogram.DONE).apply { accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE }) }
    }
}
