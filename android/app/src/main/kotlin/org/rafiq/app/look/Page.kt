package org.rafiq.app.look

import android.view.Gravity
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.FrameLayout
import android.widget.LinearLayout
import android.widget.ScrollView
import org.rafiq.presenters.Word

/**
 * A screen: one heading, what there is below it, and at most one main action at the bottom, within a thumb's reach. [back] leads back;
 * without it, [profile] leads to oneself.
 */
class Page(val look: Look, private val back: (() -> Unit)? = null, profile: (() -> Unit)? = null) : LinearLayout(look.context) {
    private val heading = look.heading("", Type.HEADING)
    private val body = Pieces(look)
    private val below = Pieces(look)
    private val scroll = Scroll(look)
    private val arrow = look.pictogramButton(Pictogram.BACK, look.labels[Word.BACK]) { (stepBack ?: back)?.invoke() }
    private val person = profile?.let { look.pictogramButton(Pictogram.PERSON, look.labels[Word.PROFILE], it) }
    private lateinit var ways: View
    private lateinit var foot: View
    private var step: Any? = null

    /** Leads from one step of this screen to the one before it; null on the first. */
    var stepBack: (() -> Unit)? = null
        private set

    init {
        orientation = VERTICAL
        layoutDirection = look.direction
        setBackgroundColor(look.colour(Palette.paper))
        val column = Column(look).apply {
            room(look, Space.LARGE, Space.MIDDLE)
            addView(ways(), LayoutParams(MATCH_PARENT, WRAP_CONTENT).apply { bottomMargin = look.dp(Space.SMALL) })
            addView(body, LayoutParams(MATCH_PARENT, WRAP_CONTENT))
        }
        foot = centred(Column(look).apply {
            room(look, Space.LARGE, Space.SMALL)
            addView(below, LayoutParams(MATCH_PARENT, WRAP_CONTENT))
        })
        scroll.isFillViewport = true
        val settings = look.context.resources.configuration
        if (settings.screenHeightDp / settings.fontScale >= LOW) {
            scroll.addView(centred(column))
            addView(scroll, LayoutParams(MATCH_PARENT, 0, 1f))
            addView(foot, LayoutParams(MATCH_PARENT, WRAP_CONTENT))
        } else { // what stands still would leave no room to read
            val all = LinearLayout(look.context).apply {
                orientation = VERTICAL
                addView(centred(column), LayoutParams(MATCH_PARENT, WRAP_CONTENT))
                addView(foot, LayoutParams(MATCH_PARENT, WRAP_CONTENT))
            }
            scroll.addView(all)
            addView(scroll, LayoutParams(MATCH_PARENT, 0, 1f))
        }
    }

    /**
     * Shows [body] under [title], and [main] at the bottom. [remark] says at the foot that not all words are the person's own language's;
     * [notice] is a sentence beside what is shown. Each [step] begins at its top; [stepBack] leads to the one before it, by the arrow.
     */
    fun show(
        title: String, remark: String? = null, notice: String? = null, dismiss: () -> Unit = {}, step: Any? = null,
        stepBack: (() -> Unit)? = null, main: Pieces.() -> Unit = {}, body: Pieces.() -> Unit,
    ) {
        if (step != this.step) {
            this.step = step
            this.body.clear()
            below.clear()
            scroll.scrollTo(0, 0)
        }
        if (heading.text.toString() != title) {
            heading.text = title
            Newer.named(this, title)
        }
        heading.visibility = if (title.isEmpty()) View.INVISIBLE else View.VISIBLE
        this.stepBack = stepBack
        sayTheWays()
        this.body.show {
            body()
            remark?.let { text(it, Type.SMALL) }
        }
        below.show {
            near {
                notice?.let { said -> piece("notice", said) { look.banner(said, look.labels[Word.CLOSE], dismiss) } }
                main()
            }
        }
        foot.visibility = below.visibility // without anything in it, it would be an empty band
    }

    private fun ways(): View {
        heading.room(look, 0, Space.SMALL)
        ways = look.side(*listOfNotNull(arrow, heading, person).toTypedArray(), gap = Space.SMALL, growing = heading, top = true)
        sayTheWays()
        return ways
    }

    /** The arrow where it leads back, or else the way to oneself. */
    private fun sayTheWays() {
        val leadsBack = back != null || stepBack != null
        arrow.visibility = if (leadsBack) View.VISIBLE else View.GONE
        person?.visibility = if (leadsBack) View.GONE else View.VISIBLE
        (heading.layoutParams as LayoutParams).marginStart = if (leadsBack) look.dp(Space.SMALL) else 0
        // The arrow's own room would push it away from the edge that everything else stands at.
        ways.setPaddingRelative(if (leadsBack) -look.dp(Space.MIDDLE) else 0, 0, 0, 0)
    }

    private fun centred(column: View): View = FrameLayout(look.context).apply {
        addView(column, FrameLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT, Gravity.CENTER_HORIZONTAL))
    }

    private companion object {
        /** A window lower than this, in dp at the usual size of letters, scrolls as a whole. */
        const val LOW = 300
    }
}

/** What is scrolled through. Where there is more, the last lines grow faint; a thin bar shows while it moves, and none at rest. */
private class Scroll(private val look: Look) : ScrollView(look.context) {
    init {
        isVerticalFadingEdgeEnabled = true
        setFadingEdgeLength(look.dp(Space.LARGE))
    }

    override fun getSolidColor(): Int = look.colour(Palette.paper) // what the last lines fade into
    override fun getTopFadingEdgeStrength(): Float = 0f

    override fun awakenScrollBars(startDelay: Int, invalidate: Boolean): Boolean = scrollY > 0 && super.awakenScrollBars(startDelay, invalidate)
}

/** Never wider than a line that can be read well. */
private class Column(private val look: Look) : LinearLayout(look.context) {
    init {
        orientation = VERTICAL
    }

    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) {
        val width = minOf(MeasureSpec.getSize(widthMeasureSpec), look.dp(Space.WIDEST))
        super.onMeasure(MeasureSpec.makeMeasureSpec(width, MeasureSpec.EXACTLY), heightMeasureSpec)
    }
}
