package text

import (
	"strings"
	"testing"
)

// What is measured: a text of 60 pages with 1,000 brackets, and two revisions
// of 30 pages.

func BenchmarkParse60Pages(b *testing.B) {
	src := long(60, 1000, 1)
	if n := Parse(src, nil).Text.Counts(); n.Pairs != 1000 {
		b.Fatalf("the text has %d brackets", n.Pairs)
	}
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		Parse(src, nil)
	}
}

func BenchmarkPrint60Pages(b *testing.B) {
	x := Parse(long(60, 1000, 1), nil).Text
	for b.Loop() {
		Print(x, nil)
	}
}

func BenchmarkViews60Pages(b *testing.B) {
	d := &Draft{Standing: ChairText, Pen: "mediation", Text: Parse(long(60, 1000, 1), nil).Text}
	for name, view := range map[string]func(){
		"clean":   func() { d.Text.Clean("ru") },
		"chair":   func() { d.Text.ChairReading() },
		"counts":  func() { d.Text.Counts() },
		"count":   func() { d.Text.Count() },
		"compare": func() { Compare(d, parties) },
		"search": func() {
			for range d.Text.Search("negligible as") {
			}
		},
		"terms": func() { d.Text.Terms() },
		"check": func() { _ = d.Text.Check() },
		"json": func() {
			raw, _ := Encode(d.Text)
			_, _ = Decode(raw)
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				view()
			}
		})
	}
}

// Each act is ruled on and applied, on the last clause of the text.
func BenchmarkActs60Pages(b *testing.B) {
	x := Parse(long(60, 1000, 1), nil).Text
	d := &Draft{Standing: ChairText, Pen: "mediation", Text: x}
	last := x.Clauses[len(x.Clauses)-1]
	var bracket ID
	for i := range x.Clauses {
		for c := range x.Clauses[i].Body.Choices {
			bracket, last = c.ID, x.Clauses[i]
		}
	}
	plain := x.Clauses[0].ID
	for name, a := range map[string]struct {
		side string
		act  Act
	}{
		"bracket-words": {"ua", BracketWords{Clause: last.ID, Words: "The Parties"}},
		"offer-option":  {"ua", OfferOption{Bracket: bracket, Words: "quite other words"}},
		"support":       {"ua", SupportOption{bracket, "b"}},
		"oppose":        {"ua", OpposeOption{bracket, "b"}},
		"reserve":       {"ua", Reserve{Clause: last.ID, Kind: General}},
		"revise":        {"mediation", Revise{last.ID, last.Body.String() + " More."}},
		"add-clause":    {"ua", AddClause{last.ID, Paragraph, "99", "More words."}},
		"propose-lift":  {"mediation", ProposeLift{Bracket: bracket, Option: "a"}},
		"agree":         {"ua", AgreeAdReferendum{Clause: plain}},
		"renumber-all":  {"mediation", Renumber{}},
		"freeze":        {"mediation", Freeze{"L/1"}},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				changes, err := a.act.Decide(d, hand(a.side))
				if err != nil && name != "support" && name != "oppose" && name != "renumber-all" {
					b.Fatal(err)
				}
				e := d.copy()
				for _, c := range changes {
					e.Apply(c)
				}
			}
		})
	}
}

func BenchmarkDiff30Pages(b *testing.B) {
	before := Parse(long(30, 500, 1), nil).Text
	// Every third clause says something else, at several places.
	src := strings.NewReplacer("determined", "decided", "negligible", "slight", "each other", "one another").Replace(long(30, 500, 1))
	after := Parse(src, nil).Text
	strange := Parse(long(30, 500, 2), nil).Text
	one, two, three := Print(before, nil), Print(after, nil), Print(strange, nil)
	b.Run("revisions", func(b *testing.B) {
		for b.Loop() {
			Diff(before, after)
		}
	})
	b.Run("nothing-in-common", func(b *testing.B) {
		for b.Loop() {
			Diff(before, strange)
		}
	})
	b.Run("as-one-wording", func(b *testing.B) {
		for b.Loop() {
			DiffWords(one, two)
		}
	})
	b.Run("as-one-wording-nothing-in-common", func(b *testing.B) {
		for b.Loop() {
			DiffWords(one, three)
		}
	})
}
