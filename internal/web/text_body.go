package web

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"parley/internal/text"
)

// An ink writes the words of a text with its brackets, in place: what stands
// within a line is written here, for a template would put spaces between.
type ink struct {
	*drafting
	at   text.ID // the bracket that is opened
	bare bool    // brackets are shown, not led to
	b    []byte
}

func (k *ink) add(s string) { k.b = append(k.b, s...) }

// words writes words. A character that does not show, or shows as another, is
// shown as its code.
func (k *ink) words(s string) {
	from := 0
	for i := range len(s) {
		if s[i] >= 0x80 {
			text.FindHidden(s, func(h text.Hidden) bool {
				k.add(templ.EscapeString(s[from:h.At]))
				k.add(`<b class="hidden-char">` + templ.EscapeString(h.Code()) + `</b>`)
				if from = h.At + len(string(h.Rune)); h.Why == "looks-like-another" {
					k.add(templ.EscapeString(string(h.Rune)))
				}
				return true
			})
			break
		}
	}
	k.add(templ.EscapeString(s[min(from, len(s)):]))
}

func (k *ink) body(b text.Body) {
	for _, p := range b {
		switch {
		case p.Choice != nil:
			k.choice(p.Choice)
		case p.Footnote != "":
			mark := templ.EscapeString(k.notes[p.Footnote])
			k.add(`<sup><a class="fn note-mark" href="#` + templ.EscapeString(string(p.Footnote)) + `" aria-label="` +
				templ.EscapeString(k.say("page.footnote", "Mark", mark)) + `">` + mark + `</a></sup>`)
		default:
			k.words(p.Words)
		}
	}
}

// glyphs are what a choice is written with: between its options, and around.
func glyphs(c *text.Choice) (open, between, shut string) {
	switch c.Form {
	case text.Both:
		return "{", "}{", "}"
	case text.Slash:
		return "[", " / ", "]"
	}
	return "[", "][", "]"
}

func (k *ink) choice(c *text.Choice) {
	open, between, shut := glyphs(c)
	class := "alt"
	if c.ID == k.at {
		class += " selected"
	}
	paragraphs := c.Form == text.Options || c.Form == text.Alts
	if paragraphs {
		class += " paras"
	}
	k.add(`<span class="` + class + `">`)
	first := true
	for i := range c.Options {
		o := &c.Options[i]
		if c.Form == text.Optional && o.None {
			continue
		}
		glyph := between
		if first {
			glyph = open
		}
		if paragraphs && !first {
			k.glyph(shut)
			k.add("<br>")
			glyph = open
		} else if !first && o.Gap && c.Form != text.Slash {
			glyph = shut + " " + open
		}
		k.glyph(glyph)
		if first {
			k.number(c)
		}
		first = false
		k.option(c, o)
	}
	k.glyph(shut)
	k.add(`</span>`)
}

func (k *ink) glyph(s string) {
	if s != "" {
		k.add(`<span class="br">` + s + `</span>`)
	}
}

// number is that of a bracket, and leads to what can be said of it.
func (k *ink) number(c *text.Choice) {
	n := ordinal(c.ID)
	if k.bare || c.Form == text.Both {
		k.add(`<span class="bno">` + n + `</span>`)
		return
	}
	k.add(`<a class="bno" id="` + string(c.ID) + `" href="` + templ.EscapeString(k.href("bracket", string(c.ID))) + `#panel" aria-label="`)
	k.add(templ.EscapeString(k.say("page.bracket-link", "Number", n, "Count", len(c.Options))))
	k.add(`">` + n + `</a>`)
}

func (k *ink) option(c *text.Choice, o *text.Option) {
	if c.Form != text.Optional {
		k.add(`<span class="o">` + templ.EscapeString(o.Key) + `</span>`)
	}
	if o.None {
		k.add(`<i class="none">` + templ.EscapeString(k.say("page.no-text")) + `</i>`)
	} else {
		k.body(o.Body)
	}
	k.reserved(o.Reserves)
}

// reserved writes the marks of reserves.
func (k *ink) reserved(list []text.Reservation) {
	for _, r := range list {
		mark := k.numbers[r.ID]
		if k.bare {
			k.add(`<span class="fn">` + mark + `</span>`)
			continue
		}
		k.add(`<a class="fn" href="#` + templ.EscapeString(string(r.ID)) + `" aria-label="` + templ.EscapeString(k.say("page.reserve-link", "Mark", mark)) + `">` + mark + `</a>`)
	}
}

// side writes a side's mark, and its name for those who do not see it.
func (k *ink) side(s string) {
	if m, ok := k.of(s); ok {
		k.b = appendMark(k.b, m)
		k.add(`<span class="unseen">` + templ.EscapeString(k.title(s)) + ` </span>`)
		return
	}
	k.b = appendApart(k.b, k.title(s))
}

// margin writes who wants which option of a bracket.
func (k *ink) margin(c *text.Choice) {
	k.add(`<li><b>` + ordinal(c.ID) + `</b>`)
	defer k.add(`</li>`)
	if c.Form == text.Optional {
		o := &c.Options[0]
		k.sides(k.say("page.side-for"), backersOf(o), true)
		against := slices.Clone(o.Opponents)
		for i := range c.Options {
			if c.Options[i].None {
				against = append(against, backersOf(&c.Options[i])...)
			}
		}
		k.sides(k.say("page.side-against"), against, false)
		return
	}
	for i := range c.Options {
		o := &c.Options[i]
		k.add(` <span class="stand">`)
		if o.Proposer != "" { // who joined stands apart from whose words they are
			k.sides(o.Key, []string{o.Proposer}, true)
			k.sides(k.say("page.side-with"), o.Supporters, false)
		} else {
			k.sides(o.Key, o.Supporters, true)
		}
		k.sides(k.say("page.side-against"), o.Opponents, false)
		k.add(`</span>`)
	}
}

func (k *ink) sides(head string, sides []string, always bool) {
	if len(sides) == 0 && !always {
		return
	}
	k.add(` <span class="num">` + templ.EscapeString(head) + ` `)
	if len(sides) == 0 {
		k.add(templ.EscapeString(k.say("page.nobody-wants")))
	}
	for _, s := range sides {
		k.side(s)
	}
	k.add(`</span>`)
}

// backersOf are who proposed an option and who supports it.
func backersOf(o *text.Option) []string {
	if o.Proposer == "" {
		return o.Supporters
	}
	return append([]string{o.Proposer}, o.Supporters...)
}

// edits writes a wording against an earlier one.
func (k *ink) edits(list []text.Edit) {
	for _, e := range list {
		switch e.Op {
		case text.Delete:
			k.add(`<del>`)
			k.words(e.Words)
			k.add(`</del>`)
		case text.Insert:
			k.add(`<ins>`)
			k.words(e.Words)
			k.add(`</ins>`)
		default:
			k.words(e.Words)
		}
	}
}

// inked is what an ink writes, as part of a page.
func inked(d *drafting, at text.ID, bare bool, write func(*ink)) templ.Component {
	return inline(func(b []byte) []byte {
		k := ink{drafting: d, at: at, bare: bare, b: b}
		write(&k)
		return k.b
	})
}

// numberAs is a clause's number as a page shows it.
func numberAs(c *text.Clause) string {
	switch c.Kind {
	case text.Paragraph:
		return c.Number + "."
	case text.Point, text.Subpoint:
		return "(" + c.Number + ")"
	case text.Item:
		return "–"
	}
	return c.Number
}

func depthClass(c *text.Clause) string { return "p" + strconv.Itoa(c.Kind.Depth()) }
