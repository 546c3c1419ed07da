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
class Page(val look: Look, back: (() -> Unit)? = null, profile: (() -> Unit)? = null) : LinearLayout(look.context) {
    private val heading = look.heading("", Type.HEADING)
    private val body = Pieces(look)
    private val below = Pieces(look)
    private val scroll = ScrollView(look.context)
    private var step: Any? = null

    init {
        orientation = VERTICAL
        layoutDirection = look.direction
        setBackgroundColor(look.colour(Palette.paper))
        val column = Column(look).apply {
            room(look, Space.LARGE, Space.MIDDLE)
            addView(ways(back, profile), LayoutParams(MATCH_PARENT, WRAP_CONTENT).apply { bottomMargin = look.dp(Space.SMALL) })
            addView(body, LayoutParams(MATCH_PARENT, WRAP_CONTENT))
        }
        val foot = Column(look).apply {
            room(look, Space.LARGE, Space.SMALL)
            addView(below, LayoutParams(MATCH_PARENT, WRAP_CONTENT))
        }
        scroll.isFillViewport = true
        val settings = look.context.resources.configuration
        if (settings.screenHeightDp / settings.fontScale >= LOW) {
            scroll.addView(centred(column))
            addView(scroll, LayoutParams(MATCH_PARENT, 0, 1f))
            addView(centred(foot), LayoutParams(MATCH_PARENT, WRAP_CONTENT))
        } else { // what stands still would leave no room to read
            val all = LinearLayout(look.context).apply {
                orientation = VERTICAL
                addView(centred(column), LayoutParams(MATCH_PARENT, WRAP_CONTENT))
                addView(centred(foot), LayoutParams(MATCH_PARENT, WRAP_CONTENT))
            }
            scroll.addView(all)
            addView(scroll, LayoutParams(MATCH_PARENT, 0, 1f))
        }
    }

    /**
     * Shows [body] under [title], and [main] at the bottom. [remark] says at the foot that not all words are the person's own language's;
     * [notice] is a sentence beside what is shown. Each [step] begins at its top.
     */
    fun show(
        title: String, remark: String? = null, notice: String? = null, dismiss: () -> Unit = {}, step: Any? = null,
        main: Pieces.() -> Unit = {}, body: Pieces.() -> Unit,
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
    }

    private fun ways(back: (() -> Unit)?, profile: (() -> Unit)?): View {
        heading.room(look, 0, Space.SMALL)
        val beside = listOfNotNull(
            back?.let { look.pictogramButton(Pictogram.BACK, look.labels[Word.BACK], it) },
            heading,
            profile?.takeIf { back == null }?.let { look.pictogramButton(Pictogram.PERSON, look.labels[Word.PROFILE], it) },
        )
        return look.side(*beside.toTypedArray(), gap = Space.SMALL, growing = heading, top = true).apply {
            // The arrow's own room would push it away from the edge that everything else stands at.
            if (back != null) setPaddingRelative(-look.dp(Space.MIDDLE), 0, 0, 0)
        }
    }

    private fun centred(column: View): View = FrameLayout(look.context).apply {
        addView(column, FrameLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT, Gravity.CENTER_HORIZONTAL))
    }

    private companion object {
        /** A window lower than this, in dp at the usual size of letters, scrolls as a whole. */
        const val LOW = 300
    }
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
