package org.rafiq.app.look

import android.view.View
import android.view.ViewGroup
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.LinearLayout
import org.rafiq.presenters.Choice
import org.rafiq.presenters.LanguageChoice
import org.rafiq.presenters.Tone

/**
 * The pieces of a screen, one under the other, said anew at every change. A piece that shows the same as before stays where it is, so that
 * neither a finger, nor a screen reader, nor somebody who is writing loses their place.
 */
class Pieces(val look: Look) : LinearLayout(look.context) {
    private class Standing(val shows: Any?, val view: View, val gap: Int, val isWide: Boolean)

    private var standing: Map<Any, Standing> = emptyMap()
    private val coming = LinkedHashMap<Any, Standing>()
    private val counted = HashMap<String, Int>()
    private var gap = Space.LARGE

    init {
        orientation = VERTICAL
    }

    /** Shows what [write] says, and nothing else. */
    fun show(write: Pieces.() -> Unit) {
        coming.clear()
        counted.clear()
        gap = Space.LARGE
        write()
        val staying = coming.values.mapTo(HashSet()) { it.view }
        (childCount - 1 downTo 0).map(::getChildAt).filter { it !in staying }.forEach(::removeView)
        coming.values.forEachIndexed { index, piece ->
            val place = LayoutParams(if (piece.isWide) MATCH_PARENT else WRAP_CONTENT, WRAP_CONTENT)
            place.topMargin = if (index == 0) 0 else look.dp(piece.gap)
            if (getChildAt(index) !== piece.view) {
                (piece.view.parent as? ViewGroup)?.removeView(piece.view)
                addView(piece.view, index, place)
            } else if ((piece.view.layoutParams as LayoutParams).topMargin != place.topMargin) piece.view.layoutParams = place
        }
        standing = HashMap(coming)
        visibility = if (childCount == 0) GONE else VISIBLE
    }

    /** Forgets what stands: everything is made anew. */
    fun clear() {
        removeAllViews()
        standing = emptyMap()
    }

    /**
     * A piece of a [kind], which always makes the same class of view. It is made by [make] where the one that stands shows something else
     * than [shows]; so [make] may depend on [shows] and on nothing else that changes.
     */
    fun <V : View> piece(kind: String, shows: Any?, wide: Boolean = true, make: () -> V): V {
        val key = kind to counted.merge(kind, 1, Int::plus)
        val before = standing[key]?.takeIf { it.shows == shows }
        @Suppress("UNCHECKED_CAST") // a kind is always the same class
        val view = before?.view as V? ?: make()
        coming[key] = Standing(shows, view, gap, wide)
        return view
    }

    /** A heading, and what is under it. */
    fun part(title: String, write: Pieces.() -> Unit) {
        piece("part", title) { look.heading(title) }
        near(write)
    }

    /** What belongs together stands nearer. */
    fun near(write: Pieces.() -> Unit) {
        val before = gap
        gap = Space.MIDDLE
        write()
        gap = before
    }

    fun text(text: String, type: Type = Type.WORDS, shade: Shade = type.shade) {
        if (text.isNotEmpty()) piece("text", Triple(text, type, shade)) { look.text(text, type, shade) }
    }

    fun quiet(sentence: String, pictogram: Pictogram = Pictogram.HEART) {
        piece("quiet", sentence to pictogram) { look.quiet(sentence, pictogram) }
    }

    fun busy(sentence: String) {
        piece("busy", sentence) { look.busy(sentence) }
    }

    /** A card that shows [shows]. */
    fun card(shows: Any?, tint: Tint = Tint.PLAIN, fill: Stack.() -> Unit) {
        piece("card", shows to tint) { look.card(tint, fill) }
    }

    /** Rows on one card. */
    fun <R> rows(rows: List<R>, row: (R) -> View) {
        if (rows.isNotEmpty()) piece("rows", rows) { look.rows(rows.map(row)) }
    }

    fun row(title: String, lines: List<String> = emptyList(), tone: Tone = Tone.ORDINARY, open: (() -> Unit)? = null) {
        piece("row", Triple(title, lines, tone)) { look.row(title, lines, tone, open = open) }
    }

    fun button(text: String, pictogram: Pictogram? = null, enabled: Boolean = true, action: () -> Unit) {
        piece("button", text to pictogram, wide = false) { SideButton(look, text, pictogram, action) }
            .let { if (it.isEnabled != enabled) it.isEnabled = enabled }
    }

    /** The main action. */
    fun main(text: String, enabled: Boolean = true, action: () -> Unit) {
        piece("main", text) { MainButton(look, text, action) }.let { if (it.isEnabled != enabled) it.isEnabled = enabled }
    }

    fun <T> choices(choices: List<Choice<T>>, under: String? = null, pictograms: List<Pictogram> = emptyList(), ticked: Boolean = false, choose: (T) -> Unit) {
        val shows = under to choices.map { it.value to it.text }
        val texts = choices.map { it.text }
        piece("choices", shows) { ChoiceList(look, under, texts, pictograms = pictograms, ticked = ticked) { choose(choices[it].value) } }
            .mark { choices[it].chosen }
    }

    fun languages(languages: List<LanguageChoice>, under: String? = null, choose: (String) -> Unit) {
        val list = piece("languages", under to languages.map { it.tag }) {
            ChoiceList(look, under, languages.map { it.name }) { choose(languages[it].tag) }
        }
        list.turn(languages.map { it.direction })
        list.mark { languages[it].chosen }
    }

    /** Opens a form; what it holds is asked for when it is opened. */
    fun foldout(text: String, pictogram: Pictogram = Pictogram.ADD, form: Stack.(close: () -> Unit) -> Unit) {
        piece("foldout", text) { Foldout(look, text, pictogram, form) }
    }

    /** A view that the screen keeps itself, such as a field. */
    fun kept(view: View) {
        piece("kept", view) { view }
    }
}
