package text

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/ruling"
	"parley/internal/seat"
)

// Two parties and who mediates between them, around one text.
var parties = []seat.Party{"ru", "ua"}

func hand(side string) Hand { return Hand{Side: side, Parties: parties} }

// A table is a draft with what happened to it.
type table struct {
	*testing.T
	d       *Draft
	changes []Change
}

// laid returns a draft of the mediator's with the words on it.
func laid(t *testing.T, words string) *table {
	x := &table{T: t, d: &Draft{}}
	x.do("mediation", Table{Standing: ChairText, Words: words})
	return x
}

// do has a side act, and enters what follows.
func (x *table) do(side string, a Act) []Change {
	x.Helper()
	changes, err := a.Decide(x.d, hand(side))
	if err != nil {
		x.Fatalf("%s: %#v is refused: %v", side, a, err)
	}
	for _, c := range changes {
		x.d.Apply(c)
	}
	x.changes = append(x.changes, changes...)
	if err := x.d.Text.Check(); err != nil {
		x.Fatalf("%s: %#v leaves an unsound text: %v", side, a, err)
	}
	return changes
}

// refused has a side try what the rule forbids.
func (x *table) refused(side string, a Act, rule int, key string) {
	x.Helper()
	before := x.print()
	changes, err := a.Decide(x.d, hand(side))
	var no *ruling.Refusal
	if !errors.As(err, &no) || no.Rule != rule || no.Key != key {
		x.Errorf("%s: %#v: %v, %v; want rule %d, %s", side, a, changes, err, rule, key)
	}
	if x.print() != before {
		x.Errorf("%s: %#v is refused and changes the text", side, a)
	}
}

func (x *table) print() string { return Print(x.d.Text, nil) }

func (x *table) reads(want string) {
	x.Helper()
	if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(x.print())); diff != "" {
		x.Errorf("the text reads otherwise:\n%s", diff)
	}
}

func TestIstanbulGuarantors(t *testing.T) {
	var c struct {
		Guarantors struct {
			Agreed    []string
			Bracketed map[string]string
		}
	}
	cases(t, "istanbul-2022", &c)
	objects := map[string]string{"Ukraine disagrees": "ua", "Russia disagrees": "ru"}
	src := "Article 1. Guarantor States\n\n1. The guarantors are:\n"
	for _, g := range c.Guarantors.Agreed {
		src += "- " + g + "\n"
	}
	for _, g := range []string{"BY", "TR"} {
		src += "- " + g + "\n"
	}
	x := laid(t, src)
	for _, m := range x.d.Text.Members("") {
		if why, contested := c.Guarantors.Bracketed[m.Words]; contested {
			x.do(objects[why], BracketWords{Clause: m.Clause, Words: m.Words})
		}
	}
	got := map[string][]string{}
	for _, m := range x.d.Text.Members("c2") {
		got[m.Words] = m.Opponents
	}
	want := map[string][]string{"BY": {"ua"}, "TR": {"ru"}}
	for _, g := range c.Guarantors.Agreed {
		want[g] = nil
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("guarantors and who objects:\n%s", diff)
	}
	if s := x.print(); !strings.Contains(s, "- [BY (-UA)]") || !strings.Contains(s, "- [TR (-RU)]") {
		t.Errorf("printed:\n%s", s)
	}
}

func TestBordersAreAgreedToDiffer(t *testing.T) {
	x := laid(t, "3. The border is [the line held today].")
	x.do("ru", OfferOption{Bracket: "b1", Words: "as set out in the Russian note"})
	x.do("ua", OfferOption{Bracket: "b1", Words: "the line of 1991"})
	x.refused("mediation", ProposeLift{Bracket: "b1", Both: true}, 90, "text-differ-whose")

	x = laid(t, "3. The border is [RU: as set out in the Russian note][UA: the line of 1991].\n\n4. Trade resumes.")
	x.do("mediation", ProposeLift{Bracket: "b1", Both: true})
	x.refused("mediation", AgreeToLift{Bracket: "b1"}, 82, "text-parties-only")
	x.do("ru", AgreeToLift{Bracket: "b1"})
	x.refused("ru", AgreeToLift{Bracket: "b1"}, 82, "text-lift-agreed")
	x.do("ua", AgreeToLift{Bracket: "b1"})
	x.reads("3. The border is {RU: as set out in the Russian note}{UA: the line of 1991}.\n> under discussion\n\n4. Trade resumes.")
	for _, side := range []string{"ru", "ua"} {
		if s := x.d.Text.Clean(side).Text.Clauses[0].Body.String(); !strings.Contains(s, "Russian note") || !strings.Contains(s, "1991") {
			t.Errorf("%s would sign %q, without the other's reading", side, s)
		}
	}
	x.refused("ua", OfferOption{Bracket: "b1", Words: "else"}, 76, "text-differ-agreed")
	x.do("ru", AgreeAdReferendum{Clause: "c1"})
	x.do("ua", AgreeAdReferendum{Clause: "c1"})
	if s := x.d.Text.Clauses[0].Status; s != AgreedAdReferendum {
		t.Errorf("with both parties' agreement the clause is %v", s)
	}
}

// From two alternatives to agreed: the whole way of one clause.
func TestTheWayOfAClause(t *testing.T) {
	x := laid(t, "1. The Parties shall report within ten days.")
	x.do("ua", BracketWords{Clause: "c1", Words: "ten days"})
	x.do("ua", OfferOption{Bracket: "b1", Words: "five days"})
	x.reads("1. The Parties shall report within [ten days (-UA)][UA: five days][no text].\n> under discussion")
	x.do("ru", OpposeOption{Bracket: "b1", Option: "c"})
	x.do("mediation", OfferOption{Bracket: "b1", Words: "a week"})
	x.refused("ru", OfferOption{Bracket: "b1", Words: "a  week"}, 76, "text-option-stands")
	x.refused("mediation", SupportOption{Bracket: "b1", Option: "d"}, 77, "text-parties-only")
	x.do("ru", SupportOption{Bracket: "b1", Option: "d"})
	x.refused("ru", AgreeAdReferendum{Clause: "c1"}, 83, "text-still-open")
	x.do("ru", ProposeLift{Bracket: "b1", Option: "d"})
	x.do("ua", DeclineLift{Bracket: "b1", Reason: "too long"})
	x.refused("ua", AgreeToLift{Bracket: "b1"}, 82, "text-no-lift")
	x.do("mediation", ProposeLift{Bracket: "b1", Option: "d"})
	x.do("ua", AgreeToLift{Bracket: "b1"})
	x.do("ru", AgreeToLift{Bracket: "b1"})
	x.do("ua", AgreeAdReferendum{Clause: "c1"})
	x.do("ru", AgreeAdReferendum{Clause: "c1"})
	x.reads("1. The Parties shall report within a week.\n> agreed ad ref\n> assent: UA ad ref; RU ad ref")
	x.refused("mediation", Revise{Clause: "c1", Words: "1"}, 74, "text-clause-agreed")
	x.do("ua", Confirm{Clause: "c1"})
	x.refused("ua", Disavow{Clause: "c1", Reason: "no"}, 85, "text-firm")
	x.do("ru", Confirm{Clause: "c1"})
	x.reads("1. The Parties shall report within a week.\n> agreed\n> assent: UA; RU")

	steps := History(x.changes, "c1")
	if first, last := steps[0], steps[len(steps)-1]; first.Before != nil || last.After.Status != Agreed {
		t.Errorf("the history begins %v and ends %v", first, last)
	}
	if diff := cmp.Diff(x.print(), Print(Replay(x.changes).Text, nil)); diff != "" {
		t.Errorf("replayed, the text is another:\n%s", diff)
	}
	burn := Burndown(x.changes)
	if burn[0].Brackets != 0 || burn[1].Brackets != 1 || burn[len(burn)-1].Brackets != 0 {
		t.Errorf("brackets over time: %v", burn)
	}
}

func TestConditionsFallVisibly(t *testing.T) {
	x := laid(t, "1. The weir is opened.\n\n2. Water is shared.\n\n3. Fish are counted.")
	for _, side := range []string{"ru", "ua"} {
		x.do(side, AgreeAdReferendum{Clause: "c1"})
	}
	x.do("ru", AgreeAdReferendum{Clause: "c2", If: "1"})
	x.do("ua", AgreeAdReferendum{Clause: "c2", If: "c3"})
	x.do("ru", AgreeAdReferendum{Clause: "c3", If: "2"})
	x.do("ua", AgreeAdReferendum{Clause: "c3"})
	x.refused("ua", AgreeAdReferendum{Clause: "c3"}, 83, "text-agreed-already")
	x.refused("ru", Reopen{Clause: "c1"}, 86, "needs-reason")
	changes := x.do("ru", Reopen{Clause: "c1", Reason: "the weir is broken"})
	var said []string
	for _, c := range changes {
		switch e := c.(type) {
		case AssentFell:
			said = append(said, fmt.Sprintf("%s no longer agrees to %s, for %s", e.Party, e.Label, e.OnLabel))
		case StatusChanged:
			said = append(said, fmt.Sprintf("%s is %v", e.Label, e.Status))
		}
	}
	want := []string{"ru no longer agrees to 2, for 1", "2 is under discussion", "ru no longer agrees to 3, for 2", "3 is under discussion", "ua no longer agrees to 2, for 3"}
	slices.Sort(said)
	slices.Sort(want)
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("what falls:\n%s", diff)
	}
}

func TestConditionsAreMetTogether(t *testing.T) {
	x := laid(t, "1. The weir is opened.\n\n2. Water is shared.")
	x.do("ru", AgreeAdReferendum{Clause: "c1", If: "2"})
	x.do("ua", AgreeAdReferendum{Clause: "c2", If: "1"})
	x.do("ua", AgreeAdReferendum{Clause: "c1"})
	x.do("ru", Confirm{Clause: "c1"})
	x.do("ua", Confirm{Clause: "c1"})
	if s := x.d.Text.Clauses[0].Status; s != AgreedAdReferendum || len(x.d.Unmet(&x.d.Text.Clauses[0], nil)) != 1 {
		t.Errorf("clause 1 is %v while clause 2 is not agreed", s)
	}
	x.do("ru", AgreeAdReferendum{Clause: "c2"})
	if s := x.d.Text.Clauses[0].Status; s != Agreed {
		t.Errorf("clause 1 is %v although what it depends on is agreed", s)
	}
}

func TestAConditionOnAnotherText(t *testing.T) {
	x := laid(t, "1. The weir is opened.")
	x.do("ru", AgreeAdReferendum{Clause: "c1", If: "TRACK/2/L.1:c4"})
	x.do("ua", AgreeAdReferendum{Clause: "c1"})
	for _, c := range x.d.Fall(Condition{Text: "TRACK/2/L.1", Clause: "c4"}, hand("ru")) {
		x.d.Apply(c)
	}
	x.reads("1. The weir is opened.\n> under discussion\n> assent: UA ad ref")
}

func TestAwaitingInstructionsLooksLikeScrutiny(t *testing.T) {
	x := laid(t, "1. The weir is [opened][RU: closed].")
	one := Reserve{Clause: "c1", Bracket: "b1", Option: "b", Kind: AwaitingInstructions, Until: "the annex is read"}
	other := one
	other.Kind = Scrutiny
	a, _ := one.Decide(x.d, hand("ua"))
	b, _ := other.Decide(x.d, hand("ua"))
	first, _ := json.Marshal(a)
	second, _ := json.Marshal(b)
	if string(first) != string(second) || len(a) == 0 {
		t.Errorf("the two differ:\n%s\n%s", first, second)
	}
	if r, ok := one.Private(x.d); !ok || r.Kind != AwaitingInstructions || r.Reserve != "r1" {
		t.Errorf("the party's own room keeps %v", r)
	}
	if _, ok := other.Private(x.d); ok {
		t.Error("a scrutiny reserve has something to hide")
	}
	x.do("ua", one)
	x.refused("ua", other, 78, "text-reserve-stands")
	x.refused("ru", LiftReserve{Reserve: "r1"}, 78, "text-reserve-not-yours")
	x.do("mediation", ProposeLift{Bracket: "b1", Option: "b"})
	x.refused("ua", AgreeToLift{Bracket: "b1"}, 82, "text-own-reserve")
	x.do("ua", LiftReserve{Reserve: "r1"})
	x.do("ua", AgreeToLift{Bracket: "b1"})
}

func TestThePenHolderDeletesNobodysOption(t *testing.T) {
	x := laid(t, "1. The weir is [RU: opened (+UA)][UA: closed][MEDIATION: mended] in May.")
	for _, words := range []string{"The weir is mended in May.", "The weir is [opened][mended] in May.", "The weir is [opened][closed by UA][mended]."} {
		x.refused("mediation", Revise{Clause: "c1", Words: words}, 72, "text-deletes-option")
	}
	x = laid(t, "1. The weir is [RU: opened (+UA)][UA: closed][MEDIATION: mended] in May [by hand].")
	x.refused("mediation", Revise{Clause: "c1", Words: "The weir is [opened][closed] in May."}, 72, "text-deletes-option-of-nobody")
	x.refused("ru", Revise{Clause: "c1", Words: "x"}, 74, "text-pen-elsewhere")
	x.refused("mediation", StrikeClause{Clause: "c1"}, 72, "text-deletes-option")
	x.refused("mediation", Revise{Clause: "c1", Words: "The weir is [opened][UA: closed][rebuilt] in June [by hand]."}, 74, "text-speaks-for-another")
	x.do("mediation", Revise{Clause: "c1", Words: "From June the weir is [opened][closed][rebuilt] again [by hand]."})
	x.refused("mediation", WithdrawOption{Bracket: "b1", Option: "b"}, 77, "text-nothing-to-withdraw")
	x.do("ru", WithdrawOption{Bracket: "b1", Option: "a"})
	if o := x.d.Text.Clauses[0].Body[1].Choice.Option("a"); o == nil || o.Proposer != "ua" {
		t.Errorf("an option that Ukraine supports does not stay as its own: %+v", o)
	}
}

func TestMergeTakesIdenticalOptionsOnly(t *testing.T) {
	x := laid(t, "1. at [RU: the [UA: upper] intake][UA: the [upper] intake][the lower intake]")
	c, _ := x.d.Text.Bracket("b1")
	x.refused("mediation", MergeOptions{Bracket: c.ID, Option: "a", With: "c"}, 79, "text-not-identical")
	x.refused("ru", MergeOptions{Bracket: c.ID, Option: "a", With: "b"}, 79, "text-pen-elsewhere")
	x.do("mediation", MergeOptions{Bracket: c.ID, Option: "a", With: "b"})
	x.reads("1. at [RU: the [UA: upper] intake (+UA)][the lower intake]\n> under discussion")
}

func TestHiddenCharactersAreNotAgreedTo(t *testing.T) {
	x := laid(t, "1. The Pаrties meet.\n\n2. The Parties meet.")
	x.refused("ru", AgreeAdReferendum{Clause: "c1"}, 84, "text-hidden")
	x.do("ru", AgreeAdReferendum{Clause: "c2"})
}

func TestNonPaper(t *testing.T) {
	x := &table{T: t, d: &Draft{}}
	x.refusedTable("ru", Table{Standing: NonPaper, Words: "1. [RU: x] y"}, 70, "text-speaks-for-another")
	x.do("ru", Table{Standing: NonPaper, Words: "1. The weir may be opened."})
	for _, a := range []Act{BracketWords{Clause: "c1", Words: "may"}, AgreeAdReferendum{Clause: "c1"}, AddClause{Kind: Plain, Words: "x"}} {
		x.refused("ua", a, 71, "text-non-paper")
	}
	x.do("ru", Revise{Clause: "c1", Words: "The weir could be opened."})
}

func (x *table) refusedTable(side string, a Act, rule int, key string) {
	x.Helper()
	_, err := a.Decide(x.d, hand(side))
	if no := ruling.Of(err); err == nil || no.Rule != rule || no.Key != key {
		x.Errorf("%s: %#v: %v; want rule %d, %s", side, a, err, rule, key)
	}
}

func TestTabling(t *testing.T) {
	x := &table{T: t, d: &Draft{}}
	x.refusedTable("ru", Table{Standing: ChairText, Words: "1. x"}, 70, "text-not-the-chairs")
	x.refusedTable("ru", Table{Standing: Proposal, Words: "1. [UA: x] y"}, 70, "text-speaks-for-another")
	x.refusedTable("mediation", Table{Standing: ChairText, Words: "1. x\n> assent: RU ad ref"}, 70, "text-tabled-as-agreed")
	x.refusedTable("mediation", Table{Standing: ChairText, Words: "bad \xff"}, 70, "text-unread")
	x.refusedTable("mediation", Table{Standing: ChairText, Words: " \n"}, 70, "text-empty")
	x.refusedTable("mediation", Table{Standing: "law", Words: "1. x"}, 70, "text-standing")
	x.refusedTable("observer", Table{Standing: Proposal, Words: "1. x"}, 70, "text-no-part")
	x.refusedTable("ru", Freeze{Symbol: "A/1"}, 0, "nothing-here")
	x.do("ru", Table{Standing: Proposal, Words: "1. [RU: x] y"})
	x.refused("ua", Table{Standing: Proposal, Words: "1. x"}, 70, "text-tabled-already")
	x.refused("mediation", TakePen{}, 72, "text-pen-elsewhere")
	x.refused("ua", HandPen{To: "ua"}, 72, "text-pen-elsewhere")
	x.refused("ru", HandPen{To: "press"}, 72, "text-no-such-side")
	x.do("ru", HandPen{To: "mediation"})
	x.do("chair", TakePen{})
	x.refused("chair", TakePen{}, 72, "text-pen-yours")
	x.refused("ru", ShowSides{Off: true}, 89, "text-chair-only")
	x.do("chair", ShowSides{Off: true})
	if !x.d.Unnamed {
		t.Error("the sides are still shown")
	}
}

func TestClausesAndNumbers(t *testing.T) {
	x := laid(t, "Article 1. Use\n\n1. one\n\n2. two\n\nArticle 2. Rest\n\n1. three")
	x.refused("ua", AddClause{After: "c2", Kind: Paragraph, Number: "2", Words: "more"}, 73, "text-number-taken")
	x.refused("ua", AddClause{After: "c2", Kind: Paragraph, Number: "two", Words: "more"}, 73, "text-number")
	x.refused("ua", AddClause{After: "c99", Kind: Paragraph, Number: "3", Words: "more"}, 73, "text-no-clause")
	x.do("ua", AddClause{After: "c2", Kind: Paragraph, Number: "1 bis", Words: "more"})
	x.do("mediation", AddClause{After: "c3", Kind: Article, Number: "1 bis", Words: "Between"})
	x.reads("Article 1. Use\n\n1. one\n\n1 bis. [UA: more]\n> under discussion\n\n2. two\n\nArticle 1 bis. Between\n> under discussion\n\nArticle 2. Rest\n\n1. three")
	x.refused("mediation", Renumber{Clause: "c6", Number: "2"}, 81, "text-number-taken")
	x.refused("mediation", StrikeClause{Clause: "c6"}, 72, "text-deletes-option")
	x.refused("mediation", StrikeClause{Clause: "c4"}, 73, "text-clauses-below")
	x.do("mediation", StrikeClause{Clause: "c5"})
	x.do("mediation", Renumber{})
	x.reads("Article 1. Use\n\n1. one\n\n2. [UA: more]\n> under discussion\n\n3. two\n\nArticle 2. Between\n> under discussion\n\nArticle 3. Rest")
	x.refused("mediation", Renumber{}, 81, "text-in-order")
	x.do("ua", MarkForLeaders{Clause: "c3"})
	x.do("mediation", Annotate{Clause: "c3", Words: "near", Audience: "mediation"})
	x.refused("ua", Annotate{Clause: "c3", Words: "near"}, 80, "text-pen-elsewhere")
}

func TestRevisionsAreKeptAsTheyWere(t *testing.T) {
	x := laid(t, "1. one\n\n2. two")
	x.do("mediation", Freeze{Symbol: "LAKE/1/L.1"})
	x.refused("mediation", Freeze{Symbol: "LAKE/1/L.1/Rev.1"}, 88, "text-nothing-new")
	x.do("mediation", Revise{Clause: "c2", Words: "two and a half"})
	x.refused("mediation", Freeze{Symbol: "LAKE/1/L.1"}, 88, "text-symbol-used")
	x.refused("mediation", Freeze{Symbol: "LAKE 1"}, 88, "text-symbol")
	x.do("mediation", Freeze{Symbol: "LAKE/1/L.1/Rev.1"})
	x.do("mediation", AddClause{After: "c2", Kind: Paragraph, Number: "3", Words: "three"})
	r := x.d.Revisions
	if got := Print(r[0].Text, nil); got != "1. one\n\n2. two\n" {
		t.Errorf("what was frozen first reads\n%s", got)
	}
	changed := 0
	for _, d := range Diff(r[0].Text, r[1].Text) {
		if !d.Same() {
			changed++
		}
	}
	if changed != 1 || len(r) != 2 || r[1].Number != 1 {
		t.Errorf("%d clauses changed between %d revisions", changed, len(r))
	}
}

func TestAssentsFallWithOtherWords(t *testing.T) {
	x := laid(t, "1. The weir is opened in May.")
	x.do("ru", AgreeAdReferendum{Clause: "c1"})
	x.do("mediation", Revise{Clause: "c1", Words: "The weir is opened in June."})
	x.reads("1. The weir is opened in June.\n> under discussion")
	x.do("ru", AgreeAdReferendum{Clause: "c1"})
	x.do("ua", BracketWords{Clause: "c1", Words: "in June"})
	x.reads("1. The weir is opened [in June (-UA)].\n> under discussion")
}

func TestProposalsFallWithTheirOutcome(t *testing.T) {
	x := laid(t, "1. The weir is [RU: opened [in May]][UA: closed].")
	x.do("ru", ProposeLift{Bracket: "b1", Option: "a"})
	x.do("ua", OfferOption{Bracket: "b2", Words: "in June"})
	if len(x.d.Lifts) != 0 {
		t.Errorf("a proposal stands whose outcome has changed: %v", x.d.Lifts)
	}
	if _, fell := x.changes[len(x.changes)-1].(LiftFell); !fell {
		t.Error("nobody is told")
	}
}

func TestComparisonTable(t *testing.T) {
	d := &Draft{}
	mine := []seat.Party{"n", "s"}
	changes, err := Table{Standing: ChairText, Words: lake + "\nArticle 4. Peace\n\n1. There is peace."}.Decide(d, Hand{Side: "mediation", Parties: mine})
	if err != nil {
		t.Fatal(err)
	}
	d.Apply(changes[0])
	rows := Compare(d, mine)
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprintf("%s %s %d", r.Label, r.Light, len(r.Brackets)))
	}
	want := []string{"2.1 apart 2", "2.2 apart 0", "3.1 near 0", "4.1 agreed 0"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("rows:\n%s", diff)
	}
	level := rows[0].Brackets[0]
	if level.Cells[0].Words != "211.55" || level.Cells[1].Words != "211.40" || level.Mediator.Words != "211.48" || level.Compromise.Words != "211.48" || level.Light != LightNear {
		t.Errorf("the lowest level: %+v", level)
	}
}

func TestTermsAndSearch(t *testing.T) {
	x := whole(t, "1. “Lake” means Lake Orra.\n\n2. The Lake and the İSTANBUL office [N: of the lake][S: elsewhere].\n> defines: Weir", nil)
	terms := x.Terms()
	if len(terms) != 2 || terms[0].Words != "Lake" || terms[0].Used != 1 || terms[1].Words != "Weir" || terms[1].Used != 0 {
		t.Errorf("terms: %+v", terms)
	}
	var got []string
	for h := range x.Search("LAKE") {
		got = append(got, h.Label+h.Option+":"+h.Words[h.At:h.End])
	}
	if s := strings.Join(got, " "); s != "1:Lake 1:Lake 2:Lake 2a:lake" {
		t.Errorf("found %s", s)
	}
	for h := range x.Search("istanbul") {
		if h.Words[h.At:h.End] != "İSTANBUL" {
			t.Errorf("found %q", h.Words[h.At:h.End])
		}
		return
	}
	t.Error("İstanbul is not found")
}
