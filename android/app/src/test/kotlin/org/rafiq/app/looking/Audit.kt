package org.rafiq.app.looking

import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Rect
import android.util.TypedValue
import android.view.View
import android.view.ViewGroup
import android.widget.EditText
import android.widget.NumberPicker
import android.widget.ScrollView
import android.widget.Spinner
import android.widget.TextView
import org.rafiq.app.look.Shade

/** What a tired eye, a finger or a screen reader would miss. */
enum class Missed {
    /** Can be touched and says nothing. */
    LABEL,

    /** Lower or narrower than 48 dp. */
    TARGET,

    /** Words told from their ground at less than 4.5:1 (WCAG 2.2, 1.4.3, without its exception for large letters). */
    CONTRAST,

    /** Letters below 14 sp. */
    SMALL,

    /** Words that do not fit where they stand, or are broken in two. */
    CUT,

    /** Read in another order than it stands in. */
    ORDER,

    /** A screen that does not begin with its heading. */
    HEADING,

    /** A message's id where its words belong. */
    RAW,
}

/** One thing that was missed. */
data class Finding(val missed: Missed, val what: String)

/** Looks over everything that [root] holds and that can be seen, also what lies below the fold. [paper] is behind everything. */
class Audit(private val root: View, private val paper: Int) {
    private val metrics = root.resources.displayMetrics
    private val pictures = HashMap<View, Bitmap>()
    private val found = ArrayList<Finding>()

    /** What was missed. */
    fun findings(): List<Finding> {
        val views = seen(root)
        val texts = views.filterIsInstance<TextView>().filter { it.text.isNotEmpty() && it.width > 0 }
        views.forEach(::touched)
        texts.forEach(::read)
        views.filterIsInstance<ViewGroup>().forEach(::ordered)
        if (texts.firstOrNull { it !is EditText }?.isAccessibilityHeading == false) miss(Missed.HEADING, texts.first())
        return found
    }

    private fun miss(missed: Missed, view: View, more: String = "") {
        found += Finding(missed, "${view.javaClass.simpleName} “${said(view)}” $more")
    }

    private fun touched(view: View) {
        val isField = view is EditText || view is Spinner
        if (!isField && !view.hasOnClickListeners() || view.width == 0) return
        val least = 48 * metrics.density - 1
        if (view.height < least || view.width < least) miss(Missed.TARGET, view, "${view.width}×${view.height} px")
        val isLabelled = if (view is EditText) isLabelled(view) else said(view).isNotBlank()
        if (!isLabelled) miss(Missed.LABEL, view)
    }

    private fun isLabelled(field: EditText): Boolean =
        field.id != View.NO_ID && seen(root).any { it is TextView && it.labelFor == field.id && it.text.isNotBlank() }

    private fun read(text: TextView) {
        if (text.textSize < TypedValue.applyDimension(TypedValue.COMPLEX_UNIT_SP, 14f, metrics) - 1) miss(Missed.SMALL, text)
        if (ID.matches(text.text)) miss(Missed.RAW, text)
        val layout = text.layout ?: return
        val room = text.width - text.compoundPaddingLeft - text.compoundPaddingRight
        val cut = (0 until layout.lineCount).any { layout.getEllipsisCount(it) > 0 || layout.getLineMax(it) > room + 1 }
        val broken = (0 until layout.lineCount - 1).any { line ->
            val end = layout.getLineEnd(line)
            text !is EditText && text.text[end - 1].isLetter() && text.text[end].isLetter()
        }
        if (cut || broken || text !is EditText && layout.height > text.height) miss(Missed.CUT, text)
        if (!text.isEnabled) return // nobody has to read what cannot be done yet (WCAG 2.2, 1.4.3)
        val ground = ground(text)
        val (contrast, _) = Shade(text.currentTextColor and RGB, 0).contrast(Shade(ground and RGB, 0))
        if (contrast < 4.5) miss(Missed.CONTRAST, text, "%.2f on %06x".format(contrast, ground and RGB))
    }

    /** What is really painted behind words: the colour that most of their place has. */
    private fun ground(text: TextView): Int {
        val host = generateSequence(text.parent) { it.parent }.filterIsInstance<ScrollView>().firstOrNull()?.getChildAt(0) ?: root
        val picture = pictures.getOrPut(host) { painted(host, paper) }
        val place = Rect(0, 0, text.width, text.height).apply { offset(text.scrollX, text.scrollY) } // a field's line may be scrolled
        if (text !== host) (host as ViewGroup).offsetDescendantRectToMyCoords(text, place)
        check(place.intersect(0, 0, picture.width, picture.height)) { "it stands nowhere: ${said(text)}" }
        val pixels = IntArray(place.width() * place.height())
        picture.getPixels(pixels, 0, place.width(), place.left, place.top, place.width(), place.height())
        val counted = HashMap<Int, Int>()
        var since = 0
        for (at in 1..pixels.size) if (at == pixels.size || pixels[at] != pixels[since]) { // a ground comes in long runs
            counted.merge(pixels[since], at - since, Int::plus)
            since = at
        }
        return counted.maxBy { it.value }.key
    }

    /** Whoever has a screen read to them goes from child to child: each stands below the one before it, or beside it on the far side. */
    private fun ordered(group: ViewGroup) {
        if (group is NumberPicker || group is Spinner) return
        val children = (0 until group.childCount).map(group::getChildAt).filter { it.visibility == View.VISIBLE && it.width > 0 && it.height > 0 }
        for ((before, after) in children.zipWithNext()) {
            val below = after.top >= before.bottom - 1
            val beside = if (group.layoutDirection == View.LAYOUT_DIRECTION_RTL) after.right <= before.left + 1 else after.left >= before.right - 1
            val over = Rect(before.left, before.top, before.right, before.bottom).contains(Rect(after.left, after.top, after.right, after.bottom))
            if (!below && !(beside && after.bottom > before.top) && !over) miss(Missed.ORDER, after, "after “${said(before)}”")
        }
        val sent = (listOf(group) + children).any { it.accessibilityTraversalBefore != View.NO_ID || it.accessibilityTraversalAfter != View.NO_ID }
        if (sent) miss(Missed.ORDER, group, "sent elsewhere")
    }

    companion object {
        private const val RGB = 0xFFFFFF
        private val ID = Regex("[a-z]+(-[a-z0-9]+)+")

        /** Every view that can be seen. */
        fun seen(from: View): List<View> =
            if (from.visibility != View.VISIBLE) emptyList()
            else listOf(from) + if (from is ViewGroup && from !is NumberPicker) (0 until from.childCount).flatMap { seen(from.getChildAt(it)) } else emptyList()

        /** What a screen reader says of a view. */
        fun said(view: View): String = view.contentDescription?.toString() ?: when (view) {
            is TextView -> view.text.toString()
            is ViewGroup -> (0 until view.childCount).joinToString(" ") { said(view.getChildAt(it)) }
            else -> ""
        }.trim()

        /** A view as it is painted, all of it. */
        fun painted(view: View, paper: Int): Bitmap = Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888).also {
            it.eraseColor(paper)
            view.draw(Canvas(it))
        }
    }
}
