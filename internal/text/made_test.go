package text

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/internal/seat"
)

// cases reads one case of the shared collection of facts into v.
func cases(t *testing.T, id string, v any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "cases.json"))
	if err != nil {
		t.Skipf("the shared cases are not here, so this is not shown: %v", err)
	}
	var all struct{ Cases []json.RawMessage }
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	for _, c := range all.Cases {
		var name struct{ ID string }
		if json.Unmarshal(c, &name) == nil && name.ID == id {
			if err := json.Unmarshal(c, v); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("there is no case %s", id)
}

// whole parses what must parse without a warning.
func whole(t testing.TB, src string, codes Codes) *Text {
	t.Helper()
	p := Parse(src, codes)
	for _, w := range p.Warnings {
		t.Errorf("unexpected warning %v %v in %.80q", w, w.Args, src)
	}
	return p.Text
}

// The words that texts are made of by chance: plain ones, those that look like
// marks, and those that try what is escaped.
var stock = []string{
	"the Lake", "Parties", "2 °C", "İstanbul'da", "об'єднання", "гарантії", "المادة", "and/or", "a", "1.", "(a)", "(i)", "Option 1:", "Alt 2.",
	"Article 3. X", "Part II", "no text", "RU: x", "NOTE: y", "(+EU)", "(-RU)", "[", "]", "{", "}", "/", `\`, `\\`, "#", "# x", "> agreed", "- item",
	"[^1]", "[^1]: z", "*", "Preamble", "Annex", "Annex:", "km/h", ".", ",", ";", ":", "\u00a0", "\u2212", "RU, UA: both", "\\[", "- ", "1)", "a)", "{RU:", "12A.", "Madde 4.", "• x",
}

var sides = []string{"ru", "ua", "tr", "mediation", "chair", "northland"}

func drawWords(t *rapid.T, top int) string {
	n := rapid.IntRange(1, top).Draw(t, "words")
	var b strings.Builder
	for range n {
		b.WriteString(rapid.SampledFrom(stock).Draw(t, "word"))
		if rapid.Bool().Draw(t, "space") {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func drawBody(t *rapid.T, depth int, notes []Footnote) Body {
	var b Body
	for range rapid.IntRange(1, 4).Draw(t, "pieces") {
		switch k := rapid.IntRange(0, 5).Draw(t, "piece"); {
		case k == 0 && len(notes) > 0:
			b = append(b, Piece{Footnote: rapid.SampledFrom(notes).Draw(t, "note").ID})
		case k <= 2 && depth < 3:
			b = append(b, Piece{Choice: drawChoice(t, depth, notes, rapid.SampledFrom([]Form{Optional, Adjacent, Slash, Both}).Draw(t, "form"))})
		default:
			b = append(b, Piece{Words: drawWords(t, 4)})
		}
	}
	if b = tidy(b, true); b == nil {
		b = Words("x")
	}
	return b
}

func drawChoice(t *rapid.T, depth int, notes []Footnote, form Form) *Choice {
	c := &Choice{Form: form}
	n := rapid.IntRange(2, 4).Draw(t, "options")
	if form == Optional {
		n = 1
	}
	none := false
	for range n {
		o := Option{Gap: rapid.Bool().Draw(t, "gap")}
		if form == Both || rapid.Bool().Draw(t, "attributed") {
			o.Proposer = rapid.SampledFrom(sides).Draw(t, "proposer")
		}
		for _, s := range sides {
			switch rapid.IntRange(0, 8).Draw(t, "stance") {
			case 0:
				if o.Proposer != s {
					o.Supporters = append(o.Supporters, s)
				}
			case 1:
				if o.Proposer != s {
					o.Opponents = append(o.Opponents, s)
				}
			}
		}
		if form != Optional && !none && rapid.IntRange(0, 4).Draw(t, "none") == 0 {
			o.None, none = true, true
		} else {
			o.Body = drawBody(t, depth+1, notes)
		}
		o.Reserves = drawReserves(t)
		c.Options = append(c.Options, o)
	}
	if form == Optional {
		c.Options = append(c.Options, Option{None: true})
	}
	return c
}

func drawReserves(t *rapid.T) (list []Reservation) {
	if rapid.IntRange(0, 6).Draw(t, "reserves") == 0 {
		list = append(list, Reservation{
			Party: rapid.SampledFrom(sides[:3]).Draw(t, "party"),
			Kind:  rapid.SampledFrom([]ReservationKind{Scrutiny, General, Linguistic}).Draw(t, "kind"),
			Until: rapid.SampledFrom([]string{"", "the drought rule is settled", "Article 3, until then", "x."}).Draw(t, "until"),
		})
	}
	return list
}

// drawText makes a text by chance, with every kind of thing a text may hold.
func drawText(t *rapid.T) *Text {
	x := &Text{Title: rapid.SampledFrom([]string{"", "Treaty", "# odd [title] \\"}).Draw(t, "title")}
	for i := range rapid.IntRange(0, 2).Draw(t, "footnotes") {
		x.Footnotes = append(x.Footnotes, Footnote{ID: id("f", i+1), Words: rapid.SampledFrom([]string{"see above", "RU: scrutiny reserve", `\x`, "[a] / b"}).Draw(t, "footnote")})
	}
	kinds := []Kind{Part, Annex, Chapter, Section, Article, Preamble, Heading, Paragraph, Plain, Point, Subpoint, Item}
	numbers := map[Kind][]string{
		Part: {"I", "2"}, Annex: {"", "A", "II"}, Chapter: {"1", "3 ter"}, Section: {"4"}, Article: {"1", "3 bis", "12A", "IV"},
		Paragraph: {"1", "2", "1.2", "3 bis", "12A"}, Point: {"a", "h", "i", "aa", "3"}, Subpoint: {"i", "iv", "v", "a"},
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "clauses") {
		c := Clause{ID: id("c", i+1), Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
		if list := numbers[c.Kind]; list != nil {
			c.Number = rapid.SampledFrom(list).Draw(t, "number")
		}
		if c.Kind == Article && rapid.Bool().Draw(t, "foreign") {
			c.Word = rapid.SampledFrom([]string{"ARTICLE", "Madde", "Статья"}).Draw(t, "word")
		}
		if rapid.IntRange(0, 9).Draw(t, "empty") > 0 {
			c.Body = drawBody(t, 0, x.Footnotes)
		}
		if !c.Kind.IsHeading() && rapid.IntRange(0, 5).Draw(t, "block") == 0 {
			if rapid.Bool().Draw(t, "alone") {
				c.Body = nil
			}
			c.Body = append(c.Body, Piece{Choice: drawChoice(t, 1, x.Footnotes, rapid.SampledFrom([]Form{Options, Alts}).Draw(t, "form"))})
		}
		c.Body = tidy(c.Body, true)
		c.Reserves = drawReserves(t)
		drawStanding(t, &c, i)
		x.Clauses = append(x.Clauses, c)
	}
	return x.Fresh()
}

func drawStanding(t *rapid.T, c *Clause, i int) {
	c.Status = Status(rapid.IntRange(0, 5).Draw(t, "status"))
	c.ForLeaders = rapid.Bool().Draw(t, "leaders")
	for _, party := range sides[:3] {
		if rapid.IntRange(0, 3).Draw(t, "assent") == 0 {
			a := Assent{Party: seat.Party(party), Firm: rapid.Bool().Draw(t, "firm")}
			if i > 0 && rapid.Bool().Draw(t, "conditional") {
				a.If = []Condition{{Clause: id("c", rapid.IntRange(1, i).Draw(t, "on"))}}
			}
			if rapid.IntRange(0, 5).Draw(t, "abroad") == 0 {
				a.If = append(a.If, Condition{Text: "LAKE/2/L.3", Clause: "c9"})
			}
			c.Assents = append(c.Assents, a)
		}
	}
	if rapid.IntRange(0, 4).Draw(t, "noted") == 0 {
		c.Notes = []Note{{By: "mediation", Words: "converging: see [3]", Audience: rapid.SampledFrom([][]string{nil, {"mediation"}, {"party:ru", "mediation"}}).Draw(t, "audience")}}
	}
	if rapid.IntRange(0, 4).Draw(t, "defines") == 0 {
		c.Defines = []string{"the Lake", "водозбір"}
	}
}

// A long text: articles of five paragraphs, some fifteen brackets to a page of
// 500 words, two parties and a mediator behind them. The same seed makes the
// same text.
func long(pages, brackets int, seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 7))
	words := strings.Fields(`the Parties shall keep each other informed of every measure that may affect the level flow or
		quality of the waters and shall not without prior consultation begin works on either shore whose effect on the other is
		more than negligible as determined by the joint commission acting on advice from its technical secretariat within days`)
	var b strings.Builder
	b.WriteString("# Treaty made for measuring\n\n")
	paragraphs := pages * 5
	done := 0
	for i := range paragraphs {
		if i%5 == 0 {
			fmt.Fprintf(&b, "Article %d. Of matter %d\n\n", i/5+1, i/5+1)
		}
		fmt.Fprintf(&b, "%d. The Parties", i%5+1)
		want := brackets * (i + 1) / paragraphs
		for k := range 100 {
			if done < want && k%18 == 9 {
				n := min(1+r.IntN(3), want-done)
				b.WriteByte(' ')
				for o := range n {
					fmt.Fprintf(&b, "[%s: %s %s (%s)]", [...]string{"RU", "UA", "MEDIATION"}[o], words[r.IntN(len(words))], words[r.IntN(len(words))], [...]string{"-UA", "-RU", "+UA; -RU"}[o])
				}
				done += n
			}
			b.WriteByte(' ')
			b.WriteString(words[r.IntN(len(words))])
		}
		b.WriteString(".\n\n")
	}
	return b.String()
}

// differs returns how two values differ, and spares the long way if they do not.
func differs(want, got any) string {
	if reflect.DeepEqual(want, got) {
		return ""
	}
	if diff := cmp.Diff(want, got); diff != "" {
		return diff
	}
	return "they differ in what is empty and what is not there"
}
