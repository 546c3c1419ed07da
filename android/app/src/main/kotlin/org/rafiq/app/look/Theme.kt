package org.rafiq.app.look

import android.content.Context
import android.content.res.ColorStateList
import android.content.res.Configuration
import android.graphics.drawable.Drawable
import android.graphics.drawable.GradientDrawable
import android.graphics.drawable.RippleDrawable
import android.util.TypedValue
import android.view.Gravity
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.LinearLayout
import android.widget.TextView
import org.rafiq.Direction
import org.rafiq.presenters.Words
import java.util.Locale

/** Distances, in dp. */
object Space {
    const val TINY = 4
    const val SMALL = 8
    const val MIDDLE = 12
    const val LARGE = 20

    /** The least size of what can be touched. */
    const val TOUCH = 48

    /** A line longer than this is hard to read (a tablet held across). */
    const val WIDEST = 620
}

/** How letters look: size in sp, weight, and colour. The system's own letters hold every script that people read here. */
enum class Type(val size: Float, val weight: Int, val shade: Shade) {
    /** The one heading of a screen. */
    HEADING(26f, 700, Palette.ink),

    /** Above a part of a screen. */
    PART(20f, 600, Palette.ink),

    /** What a row or a button says first. */
    STRONG(17f, 600, Palette.ink),

    /** What is read. */
    WORDS(17f, 400, Palette.ink),

    /** What is read second. */
    SMALL(15f, 400, Palette.softInk),
}

/**
 * What every part of a screen is made with: a context for its views, and the words of the person, in whose language and direction it is
 * laid out whatever the phone's are. Colours, type, distances and shapes come from here and from nowhere else.
 */
class Look(val context: Context, words: Words?) {
    /** The fixed words. */
    val labels = Labels(words)
    private val isNight = context.resources.configuration.uiMode and Configuration.UI_MODE_NIGHT_MASK == Configuration.UI_MODE_NIGHT_YES
    private val locale: Locale? = words?.let { Locale.forLanguageTag(it.language.tag) }
    private val runsLeft = words?.direction == Direction.RIGHT_TO_LEFT

    /** Which way it is laid out. */
    val direction: Int = if (runsLeft) View.LAYOUT_DIRECTION_RTL else View.LAYOUT_DIRECTION_LTR

    /** A shade's colour, by day or by night. */
    fun colour(shade: Shade): Int = OPAQUE or (if (isNight) shade.dark else shade.light)

    /** Pixels of a distance. */
    fun dp(distance: Int): Int = pixels(TypedValue.COMPLEX_UNIT_DIP, distance)

    /** Pixels of a size that grows with the reader's letters. */
    fun sp(size: Int): Int = pixels(TypedValue.COMPLEX_UNIT_SP, size)

    /** Words to read. */
    fun text(text: String, type: Type = Type.WORDS, shade: Shade = type.shade): TextView =
        lettered(TextView(context), type, shade).also { it.text = text }

    /** A heading, for the eye and for a screen reader. */
    fun heading(text: String, type: Type = Type.PART): TextView = text(text, type).also { Newer.heading(it) }

    /** Gives a view of words its letters, and lets them run the way of the page. */
    fun <V : TextView> lettered(view: V, type: Type, shade: Shade = type.shade): V = view.apply {
        setTextSize(TypedValue.COMPLEX_UNIT_SP, type.size)
        typeface = Newer.typeface(type.weight)
        setTextColor(colour(shade))
        setLineSpacing(0f, LINES)
        textAlignment = View.TEXT_ALIGNMENT_VIEW_START
        // A line begins where its own script does; one without letters, where the page does.
        textDirection = if (runsLeft) View.TEXT_DIRECTION_FIRST_STRONG_RTL else View.TEXT_DIRECTION_FIRST_STRONG_LTR
        this@Look.locale?.let { textLocale = it }
    }

    /** A ground with round corners; with an edge, if it has one. */
    fun ground(shade: Shade, edge: Shade? = null, round: Int = SOFTENED, edgeWidth: Int = 1): GradientDrawable = GradientDrawable().apply {
        setColor(colour(shade))
        cornerRadius = dp(round).toFloat()
        edge?.let { setStroke(dp(edgeWidth), colour(it)) }
    }

    /** The same, showing that a finger has been felt. */
    fun touched(ground: Drawable?, round: Int = SOFTENED): Drawable {
        val felt = ColorStateList.valueOf(colour(Palette.teal) and 0xFFFFFF or FELT)
        return RippleDrawable(felt, ground, ground(Palette.white, round = round))
    }

    private fun pixels(unit: Int, size: Int): Int =
        TypedValue.applyDimension(unit, size.toFloat(), context.resources.displayMetrics).toInt()

    private companion object {
        const val OPAQUE = 0xFF shl 24
        const val FELT = 0x40 shl 24

        /** Between lines: letters with marks above and below need more than Latin ones. */
        const val LINES = 1.15f
    }
}

/** The corners of buttons, fields and choices, in dp. */
const val SOFTENED = 14

/** The corners of cards. */
const val ROUNDED = 18

/** Views one under the other, with a distance between them. */
open class Stack(val look: Look, private val gap: Int = Space.MIDDLE) : LinearLayout(look.context) {
    init {
        orientation = VERTICAL
    }

    /** Puts a view below the others. */
    fun <V : View> put(view: V, width: Int = MATCH_PARENT): V {
        val place = LayoutParams(width, WRAP_CONTENT)
        if (childCount > 0) place.topMargin = look.dp(gap)
        addView(view, place)
        return view
    }
}

/** Views side by side. */
fun Look.side(
    vararg views: View, gap: Int = Space.MIDDLE, growing: View? = null, top: Boolean = false,
): LinearLayout = LinearLayout(context).apply {
    gravity = if (top) Gravity.TOP else Gravity.CENTER_VERTICAL
    for (view in views) {
        val place = LinearLayout.LayoutParams(if (view === growing) 0 else WRAP_CONTENT, WRAP_CONTENT, if (view === growing) 1f else 0f)
        if (childCount > 0) place.marginStart = dp(gap)
        addView(view, place)
    }
}

/** Room around what is in a view, in dp. */
fun View.room(look: Look, across: Int, down: Int) = setPaddingRelative(look.dp(across), look.dp(down), look.dp(across), look.dp(down))
