package web

import (
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"parley/internal/text"
)

// figures are the counts of a text over its changes. They measure no progress
// and are nothing to be aimed at; the page says so.
type figures struct {
	*voice
	Brackets, Options counted
	Readings          string
	Words             int
	Statuses          []string
	Plot              templ.Component
}

type counted struct{ First, Most, Now int }

// mostPoints is at how many places the text is counted; a plot shows no more.
const mostPoints = 96

// figures replays the changes and counts at some of them, the last included.
func (d *drafting) figures() *figures {
	f := &figures{voice: d.voice}
	var x text.Draft
	var brackets, options []int
	every := max(1, len(d.tabled.Changes)/mostPoints)
	for i, c := range d.tabled.Changes {
		x.Apply(c.Change)
		if x.Text == nil || i%every != 0 && i != len(d.tabled.Changes)-1 {
			continue
		}
		n := x.Text.Counts()
		brackets, options = append(brackets, n.Brackets), append(options, n.Options)
		f.Words = n.Words
	}
	f.Brackets, f.Options = count(brackets), count(options)
	f.Readings = d.draft().Text.Count().String()
	if len(f.Readings) > 9 {
		f.Readings = d.say("page.figures-many", "Digits", len(f.Readings))
	}
	n := d.draft().Text.Counts()
	for s, k := range n.ByStatus {
		if k > 0 {
			f.Statuses = append(f.Statuses, d.say("page.figures-status", "Count", k, "Status", d.say("text-status."+statusKey(text.Status(s)))))
		}
	}
	f.Plot = stepped(brackets, options, d.say("page.figures-plot", "From", f.Brackets.First, "Most", f.Brackets.Most, "Now", f.Brackets.Now), d.say("page.figures-brackets"), d.say("page.figures-options"))
	return f
}

func count(list []int) (c counted) {
	if len(list) > 0 {
		c.First, c.Now = list[0], list[len(list)-1]
	}
	for _, n := range list {
		c.Most = max(c.Most, n)
	}
	return c
}

// stepped draws two counts as stepped lines, brackets full and options broken,
// each named at its end, in units of the drawing.
func stepped(brackets, options []int, title, full, broken string) templ.Component {
	const width, height, right, foot = 560, 180, 96, 24
	most := max(1, count(options).Most, count(brackets).Most)
	path := func(list []int) string {
		var b strings.Builder
		for i, n := range list {
			x := float64(width) * float64(i) / float64(max(1, len(list)-1))
			y := float64(height) * (1 - float64(n)/float64(most))
			if i == 0 {
				fmt.Fprintf(&b, "M%.1f %.1fH%.1f", x, y+4, x)
			} else {
				fmt.Fprintf(&b, "H%.1fV%.1f", x, y+4)
			}
		}
		if len(list) == 1 {
			fmt.Fprintf(&b, "H%d", width)
		}
		return b.String()
	}
	at := func(list []int) float64 { return float64(height)*(1-float64(count(list).Now)/float64(most)) + 8 }
	yb, yo := at(brackets), at(options)
	if yb-yo < 16 { // or the names would lie on each other
		yb = yo + 16
	}
	return inline(func(b []byte) []byte {
		return fmt.Appendf(b, `<svg class="steps" role="img" viewBox="0 0 %d %d"><title>%s</title><line class="base" x1="0" x2="%d" y1="%d" y2="%d"/><path class="ink" d="%s"/><path class="ink broken" d="%s"/><text x="%d" y="%.0f">%s</text><text x="%d" y="%.0f">%s</text></svg>`,
			width+right, height+foot, templ.EscapeString(title), width, height+4, height+4, path(brackets), path(options),
			width+8, yb, templ.EscapeString(fmt.Sprintf("%s: %d", full, count(brackets).Now)), width+8, yo, templ.EscapeString(fmt.Sprintf("%s: %d", broken, count(options).Now)))
	})
}
