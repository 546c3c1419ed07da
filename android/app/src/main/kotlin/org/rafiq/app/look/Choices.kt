package org.rafiq.app.look

import android.view.Gravity
import android.view.View
import android.view.ViewGroup
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.Button
import android.widget.CheckBox
import android.widget.LinearLayout
import android.widget.TextView
import org.rafiq.Direction
import org.rafiq.presenters.LanguageChoice
import org.rafiq.presenters.Word
import kotlin.math.ceil

/**
 * One of several to choose: touches the whole width, says whether it is chosen. It is marked where it stands, never made anew. [ticked]
 * where more than one can be: an empty box shows that, before any is chosen.
 */
class ChoiceRow(
    private val look: Look, private val text: String, private val about: String? = null, pictogram: Pictogram? = null,
    private val ticked: Boolean = false, choose: () -> Unit,
) : LinearLayout(look.context) {
    private val words: TextView = look.text(text)
    private val mark = look.pictogram(if (ticked) Pictogram.TICKED else Pictogram.CHOSEN)
    private val box = if (ticked) look.pictogram(Pictogram.BOX) else null

    /** Whether it is chosen. */
    var chosen = false
        set(value) {
            field = value
            dress()
        }

    init {
        gravity = Gravity.CENTER_VERTICAL
        minimumHeight = look.dp(Space.TOUCH)
        room(look, Space.MIDDLE, Space.SMALL)
        val told = Stack(look, Space.TINY).apply {
            put(words)
            about?.let { put(look.text(it, Type.SMALL)) }
        }
        pictogram?.let { addView(look.pictogram(it), LayoutParams(WRAP_CONTENT, WRAP_CONTENT).apply { marginEnd = look.dp(Space.MIDDLE) }) }
        addView(told, LayoutParams(0, WRAP_CONTENT, 1f))
        for (sign in listOfNotNull(mark, box)) {
            addView(sign, LayoutParams(WRAP_CONTENT, WRAP_CONTENT).apply { marginStart = look.dp(Space.MIDDLE) })
        }
        setOnClickListener { choose() }
        dress()
    }

    override fun getAccessibilityClassName(): CharSequence = (if (ticked) CheckBox::class.java else Button::class.java).name

    private fun dress() {
        words.typeface = Newer.typeface((if (chosen) Type.STRONG else Type.WORDS).weight)
        mark.visibility = if (chosen) VISIBLE else if (ticked) GONE else INVISIBLE
        box?.visibility = if (chosen) GONE else VISIBLE
        background = look.touched(
            if (chosen) look.ground(Palette.paleTeal, Palette.teal, edgeWidth = 2) else look.ground(Palette.card, Palette.line),
        )
        // In the person's language, not the phone's.
        contentDescription = listOfNotNull(text, about, look.labels[if (chosen) Word.CHOSEN else Word.NOT_CHOSEN]).joinToString(", ")
    }
}

/** Several to choose from, one under the other; under a question, which is their heading for the eye and for a screen reader. */
class ChoiceList(
    look: Look, question: String?, texts: List<String>, abouts: List<String?> = emptyList(), pictograms: List<Pictogram> = emptyList(),
    ticked: Boolean = false, choose: (Int) -> Unit,
) : Stack(look, Space.SMALL) {
    private val rows: List<ChoiceRow>

    init {
        question?.let { put(look.heading(it)) }
        rows = texts.mapIndexed { index, text ->
            put(ChoiceRow(look, text, abouts.getOrNull(index), pictograms.getOrNull(index), ticked) { choose(index) })
        }
    }

    /** Marks those that are chosen. */
    fun mark(chosen: (Int) -> Boolean) = rows.forEachIndexed { index, row -> row.chosen = chosen(index) }

    /** Each row runs its own way: languages are named in themselves. */
    fun turn(directions: List<Direction>) = rows.zip(directions).forEach { (row, direction) ->
        row.layoutDirection = if (direction == Direction.RIGHT_TO_LEFT) View.LAYOUT_DIRECTION_RTL else View.LAYOUT_DIRECTION_LTR
    }
}

/** Several to choose from, kept by the screen itself until it is sent: [chosen] is a place in the list. */
fun Look.draftChoice(
    question: String?, texts: List<String>, abouts: List<String?> = emptyList(), chosen: Int? = null, choose: (Int) -> Unit,
): ChoiceList {
    lateinit var list: ChoiceList
    list = ChoiceList(this, question, texts, abouts) { index ->
        list.mark { it == index }
        choose(index)
    }
    list.mark { it == chosen }
    return list
}

/** The languages, each by its own name and in its own direction, one of them chosen until it is sent. */
fun Look.draftLanguage(question: String, languages: List<LanguageChoice>, choose: (String) -> Unit): ChoiceList =
    draftChoice(question, languages.map { it.name }, chosen = languages.indexOfFirst { it.chosen }) { choose(languages[it].tag) }
        .also { list -> list.turn(languages.map { it.direction }) }

/** A few short ones to choose from, all equally wide: in one line; or two by two, where no word is too long for that; or one under the other. */
class ChoiceChips(private val look: Look, private val texts: List<String>, choose: (Int) -> Unit) : ViewGroup(look.context) {
    private val gap = look.dp(Space.SMALL)

    init {
        texts.forEachIndexed { index, text ->
            val chip = object : TextView(look.context) {
                override fun getAccessibilityClassName(): CharSequence = Button::class.java.name
            }
            look.lettered(chip, Type.SMALL)
            chip.text = text
            chip.textAlignment = View.TEXT_ALIGNMENT_CENTER
            chip.gravity = Gravity.CENTER
            chip.minHeight = look.dp(Space.TOUCH)
            chip.minWidth = look.dp(Space.TOUCH)
            chip.room(look, Space.SMALL, Space.TINY)
            chip.setOnClickListener { choose(index) }
            addView(chip)
        }
    }

    /** Marks those that are chosen. */
    fun mark(isChosen: (Int) -> Boolean) = texts.forEachIndexed { index, text ->
        val chosen = isChosen(index)
        dress(index, chosen).contentDescription = text + ", " + look.labels[if (chosen) Word.CHOSEN else Word.NOT_CHOSEN]
    }

    /** None of them stays chosen: each is a proposal, and is taken with a touch. */
    fun propose() = texts.indices.forEach { dress(it, false) }

    private fun dress(index: Int, chosen: Boolean): View = (getChildAt(index) as TextView).apply { // only chips are in it
        setTextColor(look.colour(if (chosen) Palette.onTeal else Palette.ink))
        background = look.touched(
            look.ground(if (chosen) Palette.teal else Palette.card, if (chosen) Palette.teal else Palette.line),
        )
    }

    private var columns = 1

    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) {
        val width = MeasureSpec.getSize(widthMeasureSpec)
        fun fits(columns: Int, widest: Int) = widest * columns + gap * (columns - 1) <= width
        val half = (childCount + 1) / 2
        columns = if (fits(childCount, widest { listOf(it) })) childCount else if (fits(half, widest { it.split(' ') })) half else 1
        val each = MeasureSpec.makeMeasureSpec((width - gap * (columns - 1)) / columns, MeasureSpec.EXACTLY)
        chips { it.measure(each, MeasureSpec.UNSPECIFIED) }
        val high = (0 until childCount).maxOf { getChildAt(it).measuredHeight }
        chips { it.measure(each, MeasureSpec.makeMeasureSpec(high, MeasureSpec.EXACTLY)) }
        val lines = (childCount + columns - 1) / columns
        setMeasuredDimension(width, lines * high + (lines - 1) * gap)
    }

    override fun onLayout(changed: Boolean, left: Int, top: Int, right: Int, bottom: Int) {
        for (index in 0 until childCount) with(getChildAt(index)) {
            val start = index % columns * (measuredWidth + gap)
            val above = index / columns * (measuredHeight + gap)
            val x = if (this@ChoiceChips.layoutDirection == LAYOUT_DIRECTION_RTL) right - left - start - measuredWidth else start
            layout(x, above, x + measuredWidth, above + measuredHeight)
        }
    }

    /** How much room the widest of some parts of the words takes. */
    private fun widest(parts: (String) -> List<String>): Int = (0 until childCount).maxOf { index ->
        val chip = getChildAt(index) as TextView // only chips are in it
        ceil(parts(chip.text.toString()).maxOf { chip.paint.measureText(it) }).toInt() + chip.paddingLeft + chip.paddingRight
    }

    private fun chips(each: (View) -> Unit) = (0 until childCount).forEach { each(getChildAt(it)) }
}
