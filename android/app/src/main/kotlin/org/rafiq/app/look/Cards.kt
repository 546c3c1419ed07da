package org.rafiq.app.look

import android.view.Gravity
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.LinearLayout
import android.widget.ProgressBar
import org.rafiq.presenters.Tone

/** What a card stands on. Amber is for what is urgent alone. */
enum class Tint(internal val ground: Shade) { PLAIN(Palette.card), URGENT(Palette.paleAmber) }

/** The tint that goes with a tone. */
val Tone.tint: Tint get() = if (this == Tone.URGENT) Tint.URGENT else Tint.PLAIN

/** A part of a screen: what belongs together, on a card. */
fun Look.card(tint: Tint = Tint.PLAIN, fill: Stack.() -> Unit): Stack = Stack(this).apply {
    room(look, Space.LARGE, Space.MIDDLE)
    background = look.ground(tint.ground, edge = Palette.hairline, round = ROUNDED)
    fill()
}

/** A few lines that are read one after the other. */
fun Look.lines(vararg lines: View): Stack = Stack(this, Space.TINY).apply { lines.forEach { put(it) } }

/** A row: what it is, [words] about it, a few lines that are read second, and where it leads. Without [open] it is only read. */
fun Look.row(
    title: String, lines: List<String> = emptyList(), tone: Tone = Tone.ORDINARY, said: String? = null, words: String? = null,
    open: (() -> Unit)? = null,
): View {
    val isUrgent = tone == Tone.URGENT
    val heading = text(title, Type.STRONG, if (isUrgent) Palette.amber else Palette.ink)
    val told = Stack(this, Space.TINY).apply {
        put(if (isUrgent) side(pictogram(Pictogram.ALERT, Palette.amber, 18), heading, gap = Space.SMALL, growing = heading) else heading)
        words?.let { put(look.text(it)) }
        lines.filter { it.isNotEmpty() }.forEach { put(look.text(it, Type.SMALL)) }
    }
    val row = if (open == null) side(told, growing = told) else side(told, pictogram(Pictogram.FORWARD, size = 18), growing = told)
    return row.apply {
        minimumHeight = dp(Space.TOUCH)
        contentDescription = said
        if (open == null) Newer.together(this) else {
            background = touched(null)
            setOnClickListener { open() }
        }
    }
}

/** Rows on a card, one under the other, with a fine line between them. */
fun Look.rows(rows: List<View>): Stack = card {
    rows.forEachIndexed { index, row ->
        if (index > 0) put(hairline(look))
        put(row)
    }
}

/** A fine line. */
internal fun hairline(look: Look): View = object : View(look.context) {
    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) =
        setMeasuredDimension(MeasureSpec.getSize(widthMeasureSpec), maxOf(1, look.dp(1)))
}.apply { setBackgroundColor(look.colour(Palette.hairline)) }

/** A sentence where a list would be, or that something is done. */
fun Look.quiet(sentence: String, pictogram: Pictogram = Pictogram.HEART): View {
    val words = text(sentence)
    return side(pictogram(pictogram), words, growing = words, top = true).apply {
        room(this@quiet, 0, Space.SMALL)
        Newer.together(this)
    }
}

/** A larger one, for a screen with nothing on it yet. */
fun Look.restful(sentence: String): View = Stack(this, Space.LARGE).apply {
    gravity = Gravity.CENTER_HORIZONTAL
    room(look, Space.LARGE, 2 * Space.LARGE)
    put(look.pictogram(Pictogram.HEART, size = 56), WRAP_CONTENT)
    put(look.text(sentence).apply { textAlignment = View.TEXT_ALIGNMENT_CENTER })
}

/** Something takes a moment. */
fun Look.busy(sentence: String): View {
    val words = text(sentence).apply { accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE }
    val turning = ProgressBar(context).apply {
        importantForAccessibility = View.IMPORTANT_FOR_ACCESSIBILITY_NO
        indeterminateTintList = android.content.res.ColorStateList.valueOf(colour(Palette.teal))
        layoutParams = LinearLayout.LayoutParams(sp(24), sp(24))
    }
    return side(turning, words, growing = words).apply {
        (turning.layoutParams as LinearLayout.LayoutParams).let {
            it.width = sp(24)
            it.height = sp(24)
        }
        minimumHeight = dp(Space.TOUCH)
    }
}

/** A sentence beside what is shown, until it has been read. A screen reader says it as it comes. */
fun Look.banner(sentence: String, close: String, dismiss: () -> Unit): View {
    val words = text(sentence).apply {
        setPaddingRelative(dp(Space.MIDDLE), dp(Space.MIDDLE), 0, dp(Space.MIDDLE))
        accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
    }
    return side(words, pictogramButton(Pictogram.CLOSE, close, dismiss), gap = Space.SMALL, growing = words, top = true).apply {
        layoutParams = LinearLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT)
        background = ground(Palette.paleTeal)
    }
}
