package text

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/ruling"
	"parley/internal/seat"
)

// drawAct makes an act by chance, more or less about what is there.
func drawAct(t *rapid.T, x *Text) Act {
	clause := ID("c1")
	if len(x.Clauses) > 0 {
		clause = rapid.SampledFrom(x.Clauses).Draw(t, "clause").ID
	}
	bracket, option := ID("b1"), rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "option")
	var in []*Choice
	for i := range x.Clauses {
		for c := range x.Clauses[i].Body.Choices {
			in = append(in, c)
		}
	}
	if len(in) > 0 {
		c := rapid.SampledFrom(in).Draw(t, "bracket")
		bracket, option = c.ID, rapid.SampledFrom(c.Options).Draw(t, "letter").Key
		if _, cl := x.Bracket(bracket); rapid.Bool().Draw(t, "there") {
			clause = cl.ID
		}
	}
	words := rapid.SampledFrom([]string{"the weir", "is [opened][closed]", "in May", "[by hand]", "x", "the [RU: forged] weir", "a/b [c / d]", "gone ["}).Draw(t, "words")
	stood := words
	if c := x.Find(clause); c != nil && len(c.Body) > 0 {
		if p := rapid.SampledFrom(c.Body).Draw(t, "piece"); p.isWords() {
			stood = p.Words
		}
	}
	with := rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "with")
	number := rapid.SampledFrom([]string{"", "1", "2", "3 bis", "a", "x"}).Draw(t, "number")
	return rapid.SampledFrom([]Act{
		Revise{clause, words}, Revise{clause, words + " " + stood}, Revise{clause, bodyOf(x, clause) + " too"},
		AddClause{clause, rapid.SampledFrom([]Kind{Article, Paragraph, Plain, Point, Item}).Draw(t, "kind"), number, words},
		StrikeClause{clause}, BracketWords{Clause: clause, Words: stood}, BracketWords{Clause: clause, Words: words, Bracket: bracket, Option: option},
		OfferOption{bracket, words, false}, OfferOption{Bracket: bracket, None: true}, SupportOption{bracket, option}, OpposeOption{bracket, option},
		WithdrawOption{bracket, option}, WithdrawOption{bracket, option},
		Reserve{clause, "", "", Scrutiny, "later"}, Reserve{clause, bracket, option, AwaitingInstructions, ""}, LiftReserve{"r1"}, LiftReserve{"r2"},
		MergeOptions{bracket, option, with}, Annotate{clause, words, ""}, Renumber{clause, number}, Renumber{},
		ProposeLift{bracket, option, false}, ProposeLift{Bracket: bracket, Both: true}, AgreeToLift{bracket}, AgreeToLift{bracket}, DeclineLift{bracket, ""},
		AgreeAdReferendum{clause, ""}, AgreeAdReferendum{clause, "c1"}, Confirm{clause}, Disavow{clause, "no"}, Reopen{clause, "why"},
		MarkForLeaders{clause, false}, Freeze{fmt.Sprintf("S/%s", number)}, TakePen{}, HandPen{"ua"}, ShowSides{true},
	}).Draw(t, "act")
}

func bodyOf(x *Text, clause ID) string {
	if c := x.Find(clause); c != nil {
		return c.Body.String()
	}
	return "x"
}

// voices lists who backs which words in which bracket.
func voices(x *Text) map[string]bool {
	out := map[string]bool{}
	for i := range x.Clauses {
		for c := range x.Clauses[i].Body.Choices {
			for k := range c.Options {
				o := &c.Options[k]
				for _, s := range o.backers() {
					if s != "" {
						out[s+" wants "+string(c.ID)+": "+o.Body.String()] = true
					}
				}
			}
		}
	}
	return out
}

// Whatever sides do in whatever order: the text stays sound and prints and
// parses without loss; nobody's option is lost but by that side or by the
// agreement of all; nobody agrees for a party but itself; what was decided can
// be applied again from JSON to the same end; and every refusal cites a rule.
func TestPlaysByChance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, again := &Draft{}, &Draft{}
		enter := func(changes []Change) {
			for _, c := range changes {
				d.Apply(c)
				raw, err := json.Marshal(c)
				if err != nil {
					t.Fatal(err)
				}
				back := reflect.New(reflect.TypeOf(c))
				if err := json.Unmarshal(raw, back.Interface()); err != nil {
					t.Fatalf("%s: %v", raw, err)
				}
				again.Apply(back.Elem().Interface().(Change))
			}
		}
		first, err := Table{ChairText, "Article 1. Weir\n\n1. the weir is [RU: opened][UA: closed [by hand]] in May\n\n2. the weir [UA: x]\n- a\n- b"}.Decide(d, hand("mediation"))
		if err != nil {
			t.Fatal(err)
		}
		enter(first)
		for range rapid.IntRange(1, 25).Draw(t, "acts") {
			side := rapid.SampledFrom([]string{"ru", "ua", "mediation", "chair", "press"}).Draw(t, "side")
			act := drawAct(t, d.Text)
			before, wanted := Print(d.Text, nil), voices(d.Text)
			agreed := assents(d.Text)
			changes, err := act.Decide(d, hand(side))
			if Print(d.Text, nil) != before {
				t.Fatalf("%#v by %s changes the text before it is entered", act, side)
			}
			var no *ruling.Refusal
			if err != nil {
				if !errors.As(err, &no) || no.Rule < 70 || no.Rule > 99 {
					t.Fatalf("%#v by %s: %v", act, side, err)
				}
				continue
			}
			if side == "press" {
				t.Fatalf("%#v by the press is not refused", act)
			}
			enter(changes)
			if err := d.Text.Check(); err != nil {
				t.Fatalf("after %#v by %s: %v\n%s", act, side, err, Print(d.Text, nil))
			}
			if diff := differs(d.Text.Fresh(), Parse(Print(d.Text, nil), nil).Text); diff != "" {
				t.Fatalf("after %#v by %s the text does not come back from print:\n%s", act, side, diff)
			}
			if diff := differs(d.Text, again.Text); diff != "" {
				t.Fatalf("after %#v by %s the changes read from JSON lead elsewhere:\n%s", act, side, diff)
			}
			for who := range assents(d.Text) {
				if !agreed[who] && who[0] != seat.Party(side) {
					t.Fatalf("%#v by %s agrees for %s to %s", act, side, who[0], who[1])
				}
			}
			checkVoices(t, act, side, changes, wanted, voices(d.Text), before, d.Text)
		}
	})
}

// checkVoices fails if another side's option is lost, unless a bracket was
// lifted by all, or the words themselves are another's nested change.
func checkVoices(t *rapid.T, act Act, side string, changes []Change, before, after map[string]bool, was string, x *Text) {
	for _, c := range changes {
		if _, all := c.(BracketLifted); all {
			return
		}
	}
	kept := map[string]int{}
	for v := range after {
		kept[v[:2]]++
	}
	lost := map[string]int{}
	for v := range before {
		if who, ok := strings.CutSuffix(v, ": "); ok { // wanted no text, and has it if the bracket is gone
			if c, _ := x.Bracket(ID(who[strings.LastIndex(who, " ")+1:])); c == nil {
				continue
			}
		}
		kept[v[:2]]--
		if kept[v[:2]] < 0 {
			lost[v[:2]]++
		}
	}
	for who := range lost {
		if who != side[:2] && kept[who] < 0 {
			t.Fatalf("%#v by %s takes an option from %s:\n%s\nbecomes\n%s", act, side, who, was, Print(x, nil))
		}
	}
}

func assents(x *Text) map[[2]seat.Party]bool {
	out := map[[2]seat.Party]bool{}
	for i := range x.Clauses {
		for _, a := range x.Clauses[i].Assents {
			out[[2]seat.Party{a.Party, seat.Party(x.Clauses[i].ID)}] = true
		}
	}
	return out
}

// A change of what is not there, or whose words have been destroyed, changes
// nothing or little, and never fails.
func TestApplyRefusesNothing(t *testing.T) {
	src := "1. the weir [RU: a[^1]][b [c]] {RU: x} {UA: y}\n\n2.\nOption 1: p\nOption 2: q\n\n[^1]: UA: general reserve"
	for _, c := range Changes() {
		(&Draft{}).Apply(c)
		c.Phrase()
		c.Of(&Draft{})
	}
	rapid.Check(t, func(t *rapid.T) {
		d := &Draft{}
		d.Apply(TextTabled{Standing: ChairText, By: "mediation", Text: Parse(src, nil).Text})
		for range rapid.IntRange(1, 6).Draw(t, "changes") {
			c := rapid.SampledFrom(Changes()).Draw(t, "change")
			v := reflect.New(reflect.TypeOf(c)).Elem()
			fill(t, v)
			if _, again := v.Interface().(TextTabled); again {
				continue
			}
			d.Apply(v.Interface().(Change))
			v.Interface().(Change).Phrase()
			if d.Text == nil {
				t.Fatal("the text is gone")
			}
			Print(d.Text, nil)
			d.Text.Clean("ru")
			Compare(d, parties)
		}
	})
}

// fill sets the fields of a change by chance, words to nothing.
func fill(t *rapid.T, v reflect.Value) {
	ids := []string{"c1", "c2", "c9", "b1", "b2", "b3", "b4", "b5", "r1", "n1", ""}
	for i := range v.NumField() {
		f := v.Field(i)
		switch f.Kind() {
		case reflect.String:
			list := append([]string{"a", "b", "c", "ru", "ua", "mediation"}, ids...)
			f.SetString(rapid.SampledFrom(list).Draw(t, v.Type().Field(i).Name))
		case reflect.Bool:
			f.SetBool(rapid.Bool().Draw(t, "bool"))
		case reflect.Int:
			f.SetInt(int64(rapid.IntRange(-2, 9).Draw(t, "int")))
		case reflect.Uint8:
			f.SetUint(uint64(rapid.IntRange(0, 9).Draw(t, "status")))
		case reflect.Struct:
			fill(t, f)
		}
	}
}

func TestJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawText(t)
		raw, err := Encode(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(raw)
		if err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		if diff := differs(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestJSONIsStrict(t *testing.T) {
	for _, src := range []string{
		`{"clauses":[],"given":{},"extra":1}`,
		`{"clauses":[],"clauses":[],"given":{}}`,
		`{"clauses":[],"given":{}} x`,
		`{"clauses":[{"id":"c1","kind":"plain"}],"given":{}}`,
		`{"clauses":[{"id":"c1","kind":"odd"}],"given":{"clauses":1}}`,
		`{"clauses":[{"id":"c1","kind":"paragraph","number":"x"}],"given":{"clauses":1}}`,
		`{"clauses":[{"id":"c1","kind":"plain","status":"settled"}],"given":{"clauses":1}}`,
		`{"clauses":[{"id":"c1","kind":"plain","body":[{"words":"two  spaces"}]}],"given":{"clauses":1}}`,
		`{"clauses":[{"id":"c1","kind":"plain","body":[{"words":"a"},{"words":"b"}]}],"given":{"clauses":1}}`,
		`{"clauses":[{"id":"c1","kind":"plain","body":[{"words":"a","footnote":"f1"}]}],"given":{"clauses":1}}`,
		`{"clauses":[{"id":"c1","kind":"plain","body":[{"choice":{"id":"b1","form":"adjacent","given":1,"options":[{"key":"a","none":true}]}}]}],"given":{"clauses":1,"brackets":1}}`,
		`{"clauses":[{"id":"c1","kind":"plain","reserves":[{"id":"r1","party":"ru","kind":"awaiting-instructions"}]}],"given":{"clauses":1,"reserves":1}}`,
	} {
		if x, err := Decode([]byte(src)); err == nil {
			t.Errorf("%s is read as %+v", src, x)
		}
	}
	if _, err := Decode([]byte(`{"clauses":[{"id":"c1","kind":"plain","body":[{"words":"a"}]}],"given":{"clauses":1}}`)); err != nil {
		t.Error(err)
	}
}
