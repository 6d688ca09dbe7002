package parleytest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"parley/internal/catalogue"
	"parley/internal/memory"
	"parley/internal/room"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/secretariat"
	"parley/internal/talks"
	"parley/internal/text"
)

// A Tally counts what came of random plays.
type Tally struct {
	Acts, Accepted int
	Events         map[string]int // by name
	Refused        map[int]int    // by rule
}

// NewTally returns an empty tally.
func NewTally() *Tally { return &Tally{Events: map[string]int{}, Refused: map[int]int{}} }

// A Troupe plays at random: people with sense, who do mostly what is in order,
// and now and then something that is not.
type Troupe struct {
	*House
	t     testing.TB
	r     *rand.Rand
	id    string
	tally *Tally
	cast  []string
	next  int // numbers new persons
	past  []past
	heard func(Line) // told every line as it is played; may be nil
}

// past is something that was accepted. entry is the number it has in the joint record.
type past struct {
	who     string
	act     any
	request string
	entry   int64 // of the first entry it led to
	last    int64 // of the last
}

// RandomPlay plays a number of scenes from a seed, and has the auditor in.
func RandomPlay(t testing.TB, seed uint64, scenes int, tally *Tally) *Troupe {
	t.Helper()
	p := &Troupe{House: NewHouse(t, new(memory.Log)), t: t, r: rand.New(rand.NewPCG(seed, 1)), id: "lake", tally: tally, cast: []string{"ada"}}
	for range scenes {
		p.scene()
	}
	p.count()
	Audit(t, p.House, p.id, func(yield func(secretariat.Caller) bool) {
		for _, name := range append(p.cast, "mallory", "") {
			if !yield(p.caller(name)) {
				return
			}
		}
	})
	return p
}

func (p *Troupe) caller(name string) secretariat.Caller {
	c := secretariat.Caller{Person: seat.Person(name)}
	if name == "ada" {
		c.Convenes = p.id
	}
	return c
}

// scene is one thing that happens.
func (p *Troupe) scene() {
	p.Clock = p.Clock.Add(time.Duration(p.r.IntN(240)) * time.Second)
	switch p.r.IntN(40) {
	case 0:
		p.Clock = p.Clock.Add(26 * time.Hour)
		fallthrough
	case 1, 2, 6:
		p.tell(Line{At: p.Clock})
		if err := p.Desk.Tick(context.Background()); err != nil {
			p.t.Error("tick:", err)
		}
		return
	case 3:
		back := p.Clock
		p.Clock = p.Clock.Add(-time.Hour)
		p.sensible()
		p.Clock = back
		return
	case 4:
		p.again()
		return
	case 5:
		p.wild()
		return
	case 8:
		p.misspelt()
		return
	}
	p.sensible()
}

func (p *Troupe) submit(who string, act any, request string) {
	p.tally.Acts++
	p.tell(Line{p.Clock, who, act, request})
	a, err := p.Desk.Submit(context.Background(), p.id, p.caller(who), secretariat.Submission{Act: act, Request: request})
	if err != nil {
		no := ruling.Of(err)
		if no.Kind == ruling.Fault {
			p.t.Errorf("%s: %T%+v: fault: %v", who, act, act, err)
		}
		p.tally.Refused[no.Rule]++
		return
	}
	p.tally.Accepted++
	for i, receipt := range a.Receipts {
		if err := receipt.Verify(p.Verifier(), a.Entries[i].Leaf); err != nil {
			p.t.Errorf("receipt of %s %d: %v", a.Entries[i].Record, a.Entries[i].Number, err)
		}
	}
	done := past{who: who, act: act, request: request}
	if len(a.Entries) > 0 {
		done.entry, done.last = a.Entries[0].Number, a.Entries[len(a.Entries)-1].Number
	}
	p.past = append(p.past, done)
}

func (p *Troupe) tell(l Line) {
	if p.heard != nil {
		p.heard(l)
	}
}

// count tallies what the records hold when the play is over.
func (p *Troupe) count() {
	names, err := p.Log.Names(context.Background(), "")
	if err != nil {
		p.t.Fatal(err)
	}
	for _, name := range names {
		for e, err := range p.Log.Read(context.Background(), name, 0) {
			if err != nil {
				p.t.Fatal(err)
			}
			envelope, err := catalogue.Unfold(e.Content.Structure.Bytes)
			if err != nil {
				p.t.Fatal(err)
			}
			p.tally.Events[envelope.Name]++
		}
	}
}

// again submits something once more: the same, or another act under its id.
func (p *Troupe) again() {
	if len(p.past) == 0 {
		return
	}
	old := p.past[p.r.IntN(len(p.past))]
	act := old.act
	if s, ok := act.(talks.Speak); ok && p.r.IntN(2) == 0 {
		s.Text += " And one thing more."
		act = s
	}
	if s, ok := act.(talks.ArrangeVenue); ok {
		s.Place += " annex"
		act = s
	}
	if s, ok := act.(room.PassNote); ok {
		s.Text += " Urgently."
		act = s
	}
	p.submit(old.who, act, old.request)
}

// misspelt submits what is no act of the catalogue's.
func (p *Troupe) misspelt() {
	fields := []map[string][]string{
		{"text": {"a\u202eb"}, "kept": {"exact"}},
		{"text": {"Hear me."}, "kept": {"loudly"}},
		{"texts": {"Hear me."}},
		{"when": {"yesterday"}},
	}
	_, err := secretariat.Acts.FromWords("speak", fields[p.r.IntN(len(fields))])
	p.tally.Acts++
	if err == nil {
		p.t.Error("a misspelt act was read")
		return
	}
	p.tally.Refused[ruling.Of(err).Rule]++
}

// wild submits any act from anybody, with fields that may or may not fit.
func (p *Troupe) wild() {
	specs := secretariat.Acts.Specs()
	spec := specs[p.r.IntN(len(specs))]
	fields := map[string]any{}
	for _, f := range spec.Fields {
		if p.r.IntN(5) == 0 {
			continue
		}
		switch f.Kind {
		case "number":
			fields[f.Name] = p.r.IntN(30)
		case "minutes":
			fields[f.Name] = p.r.IntN(2000) - 20
		case "yes-no":
			fields[f.Name] = p.r.IntN(2) == 0
		case "instant":
			fields[f.Name] = p.Clock.Add(time.Duration(p.r.IntN(7200)-3600) * time.Second)
		case "choice":
			fields[f.Name] = f.Choices[p.r.IntN(len(f.Choices))]
		case "choices":
			fields[f.Name] = f.Choices[:p.r.IntN(len(f.Choices))]
		default:
			fields[f.Name] = []string{"", "kenya", "uganda", "s1", "s2", "njeri", "Some words.", "9 lives"}[p.r.IntN(8)]
		}
	}
	data, err := json.Marshal(fields)
	if err != nil {
		p.t.Fatal(err)
	}
	act, err := secretariat.Acts.Parse(spec.Name, data)
	if err != nil {
		p.tally.Acts++
		p.tally.Refused[ruling.Of(err).Rule]++
		return
	}
	p.submit(append(p.cast, "mallory")[p.r.IntN(len(p.cast)+1)], act, "")
}

// sensible does something that is in order as things stand, or nearly.
func (p *Troupe) sensible() {
	var who string
	var act any
	err := p.Desk.Look(context.Background(), p.id, p.caller("ada"), func(s secretariat.Sight) error {
		who, act = p.choose(s.Talks, s.Public)
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	request := fmt.Sprintf("r%d", p.r.Uint32())
	p.submit(who, act, request)
}

var parties = []seat.Party{"kenya", "uganda", "tanzania"}

// choose picks from what somebody with sense would do next.
func (p *Troupe) choose(t *talks.Talks, public *talks.Public) (string, any) {
	if t == nil || !t.Open() {
		return "ada", talks.Convene{Title: "The lake treaty talks", Mediation: "The Lake Commission", Zone: "Africa/Nairobi", Template: "diplomatic", Name: "Ada"}
	}
	if m := t.Meeting(); m != nil && p.r.IntN(8) > 0 {
		return p.inMeeting(t, m)
	}
	return p.aside(t)
}

// who returns somebody seated in one of the roles.
func (p *Troupe) who(t *talks.Talks, is func(seat.Seat) bool) (seat.Seat, bool) {
	var fit []seat.Seat
	for _, s := range t.Seats {
		s.Chair = s.Key == t.ChairBy
		if is(s) {
			fit = append(fit, s)
		}
	}
	if len(fit) == 0 {
		return seat.Seat{}, false
	}
	return fit[p.r.IntN(len(fit))], true
}

func (p *Troupe) mediator(t *talks.Talks) string {
	s, _ := p.who(t, func(s seat.Seat) bool { return s.Role == seat.Mediator })
	return string(s.Person)
}

func (p *Troupe) chair(t *talks.Talks) string {
	s, ok := t.Seat(t.ChairBy)
	if !ok {
		return p.mediator(t)
	}
	return string(s.Person)
}

func (p *Troupe) head(t *talks.Talks) string {
	s, ok := p.who(t, func(s seat.Seat) bool { return s.Role == seat.Head })
	if !ok {
		return p.mediator(t)
	}
	return string(s.Person)
}

// newcomer is a person who has no seat yet.
func (p *Troupe) newcomer() seat.Person {
	p.next++
	name := fmt.Sprintf("person-%d", p.next)
	p.cast = append(p.cast, name)
	return seat.Person(name)
}

// aside is what happens outside the meeting itself.
func (p *Troupe) aside(t *talks.Talks) (string, any) {
	mediator, party := p.mediator(t), parties[p.r.IntN(len(parties))]
	if len(t.Parties) < 2 {
		return mediator, talks.AdmitParty{Party: party, Name: string(party)}
	}
	switch p.r.IntN(10) {
	case 0, 1:
		return p.around(t, mediator, party)
	case 2, 3, 4:
		return p.across(t, mediator, party)
	case 5:
		return p.onText(t, mediator)
	case 6:
		return p.toPress(t, mediator)
	}
	_, hasHead := t.Head(party)
	switch p.r.IntN(26) {
	case 0:
		return mediator, talks.AdmitParty{Party: party, Name: string(party)}
	case 1:
		return p.head(t), talks.NameParty{Party: party, Name: "They of " + string(party)}
	case 2:
		if s, ok := p.who(t, func(s seat.Seat) bool { return s.Role == seat.Team }); ok {
			return mediator, talks.NameMediator{Person: s.Person, Name: s.Name}
		}
		return mediator, talks.NameMediator{Person: p.newcomer(), Name: "A mediator"}
	case 3:
		return mediator, talks.NameTeamMember{Person: p.newcomer(), Name: "Of the team", Offices: "adviser"}
	case 4, 5:
		s, _ := p.who(t, func(s seat.Seat) bool { return s.Role == seat.Mediator || s.Role == seat.Team })
		return mediator, talks.NameChair{Seat: s.Key}
	case 6:
		return mediator, talks.NameHost{Person: p.newcomer(), Name: "A host"}
	case 7, 8, 9:
		rank := talks.Rank("delegate")
		if !hasHead {
			rank = "head"
		}
		return mediator, talks.Accredit{Party: party, Person: p.newcomer(), Name: "A delegate", As: rank, Powers: []talks.Power{"negotiate"}}
	case 10:
		return mediator, talks.AccreditList{Party: party, List: fmt.Sprintf("person,name,rank,offices,powers\n%s,A,delegate,minister,negotiate;adopt\n%s,B,adviser,,\n", p.newcomer(), p.newcomer())}
	case 11:
		return mediator, talks.AdmitObserver{Person: p.newcomer(), Name: "An observer", As: "observer"}
	case 12:
		return mediator, talks.ArrangeVenue{Place: "The palace", Seating: "face to face"}
	case 13:
		return mediator, talks.OpenRound{Title: "A round"}
	case 14:
		return mediator, talks.CloseRound{}
	case 15:
		return mediator, talks.Announce{Title: "The lake talks"}
	case 16:
		if said := p.lastStatement(); said.entry > 0 && p.r.IntN(2) == 0 {
			return said.who, talks.Publish{Entry: said.entry, Words: "words"}
		}
		return p.head(t), talks.Publish{Words: "We are here."}
	case 17:
		return p.head(t), talks.IssueHoldingLine{Text: "Nothing to say yet.", Until: p.Clock.Add(time.Duration(1+p.r.IntN(60)) * time.Minute)}
	case 18:
		for _, l := range t.Lines {
			if h, ok := t.Head(seat.Party(l.Side)); ok && !l.Over {
				return string(h.Person), talks.WithdrawHoldingLine{}
			}
		}
		return p.head(t), talks.WithdrawHoldingLine{}
	case 19:
		return p.head(t), room.PassNote{To: party, Text: "A word in private."}
	case 20:
		return p.head(t), room.SeatCapital{Person: p.newcomer(), Name: "A principal"}
	case 21:
		if p.r.IntN(12) == 0 {
			return mediator, talks.CloseTalks{Reason: "Done."}
		}
	case 22, 23, 24:
		return p.head(t), talks.RecordDifferingTime{Of: talks.Turning(talks.Turning("").Choices()[p.r.IntN(4)]), When: p.Clock.Add(-time.Minute)}
	}
	if t.Meeting() != nil {
		return mediator, talks.ArrangeVenue{Format: "tripartite"}
	}
	open := talks.OpenMeeting{Title: "A meeting"}
	if p.r.IntN(3) > 0 {
		open.Absent = "Time presses."
	}
	return p.chair(t), open
}

// inMeeting is what happens at the table.
func (p *Troupe) inMeeting(t *talks.Talks, m *talks.Meeting) (string, any) {
	chair := p.chair(t)
	if _, _, pending := m.Pending(); pending && p.r.IntN(4) > 0 {
		return chair, talks.RuleOnPoint{Ruling: "So be it.", Upheld: p.r.IntN(2) == 0}
	}
	if m.Suspended() && p.r.IntN(4) > 0 {
		return chair, talks.ResumeMeeting{}
	}
	present, _ := p.who(t, func(s seat.Seat) bool { return s.Is(seat.Head, seat.Delegate, seat.Chair, seat.Mediator) })
	switch p.r.IntN(22) {
	case 0:
		return p.head(t), talks.RaisePointOfOrder{Point: "The speaker is not on the item."}
	case 1:
		return chair, talks.SuspendMeeting{Reason: "A break"}
	case 2:
		return chair, talks.AdjournMeeting{}
	case 3:
		part := talks.Open
		if m.Part == talks.Open || p.r.IntN(3) == 0 {
			part = talks.Closed
		}
		return chair, talks.SetPart{Part: part, Unattributed: part == talks.Closed && p.r.IntN(4) == 0}
	case 4, 16, 17:
		return chair, talks.SetTimeLimit{Minutes: talks.Minutes(p.r.IntN(3))}
	case 5, 6:
		if slices.Contains(m.Present, present.Key) {
			return string(present.Person), talks.Leave{}
		}
		return string(present.Person), talks.Arrive{}
	case 7, 8:
		return p.head(t), talks.AskForReply{}
	case 9, 10, 11:
		return string(present.Person), talks.AskForFloor{}
	case 12, 13:
		if m.Floor.Turn == nil && len(m.Floor.Waiting) > 0 {
			return chair, talks.GiveFloor{}
		}
	case 14:
		if m.Floor.Turn != nil {
			return p.speaker(t, m), talks.YieldFloor{}
		}
	case 15:
		said := p.lastStatement()
		return said.who, talks.Correct{Entry: said.entry, Text: "That is, words."}
	}
	if m.Floor.Turn == nil && len(m.Floor.Waiting) > 0 && p.r.IntN(2) == 0 {
		return chair, talks.GiveFloor{}
	}
	return p.speaker(t, m), p.speech(t, m)
}

// around is what happens around the talks, and in rooms.
func (p *Troupe) around(t *talks.Talks, mediator string, party seat.Party) (string, any) {
	before := p.Clock.Add(-100 * 24 * time.Hour)
	heading := talks.Heading(talks.Heading("").Choices()[p.r.IntN(9)])
	kinds := talks.Reliability("").Choices()
	reliability := talks.Reliability(kinds[p.r.IntN(len(kinds))])
	switch p.r.IntN(23) {
	case 0:
		return mediator, talks.Expect{Name: "A president", Party: party, Rank: "leaders", Source: "the press"}
	case 1, 2:
		for _, x := range t.Expected {
			if !x.Absent {
				return mediator, talks.NoteAbsence{Entry: x.Number, Reason: "Not said."}
			}
		}
		return mediator, talks.NoteAbsence{Entry: 3}
	case 3:
		return mediator, talks.LinkEarlier{As: "round", Title: "An earlier round", Source: "the archive", When: before, Direct: true}
	case 4:
		return mediator, talks.RecordOutside{As: "statement", Who: "Somebody", Text: "Something.", Source: "an agency", Reliability: reliability}
	case 5:
		return mediator, talks.RecordSideMeeting{Title: "A dinner", Participants: "Three ministers", Source: "an agency", Reliability: reliability}
	case 6:
		return mediator, talks.RequestObserver{Name: "The Basin Authority", As: "observer"}
	case 7, 8:
		n := int64(1)
		for _, r := range t.Requests {
			if !r.Ruled {
				n = r.Number
			}
		}
		if p.r.IntN(2) == 0 {
			return p.head(t), room.Object{Entry: n, Grounds: "Not neutral."}
		}
		return mediator, talks.RuleOnRequest{Entry: n, Admitted: true}
	case 9:
		return mediator, talks.OpenTrack{Track: []string{"ceasefire", "political", "prisoners"}[p.r.IntN(3)], Title: "A track"}
	case 10, 11:
		return p.head(t), talks.ProposeModality{Heading: heading, Text: "As follows."}
	case 12, 13:
		for h := range t.Modalities {
			heading = max(heading, h) // any, but the same in every run
		}
		return p.head(t), talks.AgreeModality{Heading: heading}
	case 14:
		return mediator, talks.Disclose{Text: "We have lent money to both."}
	case 15:
		return p.head(t), talks.AcknowledgeDisclosure{}
	case 16:
		return p.head(t), talks.Attach{Attachment: talks.Attachment{Name: "map.png", Origin: "ours", Content: "aGVsbG8="}}
	case 17:
		return mediator, room.FormRoom{As: "contact-group", Name: []string{"fish", "water", "trade"}[p.r.IntN(3)], Title: "A group", Parties: string(t.Parties[0].Key)}
	case 18:
		return p.head(t), room.SayInRoom{In: []string{"delegation", "shuttle", "mediation"}[p.r.IntN(3)], Text: "Between us."}
	case 19:
		return mediator, room.NoteDeadline{What: "The donors meet.", Pressure: true}
	case 20:
		return mediator, room.StrikeDeadline{Entry: int64(2 + p.r.IntN(2))}
	case 21:
		return mediator, room.LogContact{With: "The ambassador", Summary: "Wants in."}
	}
	return p.head(t), room.AttachInRoom{In: "shuttle", Attachment: talks.Attachment{Name: "offer.txt", Origin: "ours", Content: "aGVsbG8="}}
}

// toPress announces the talks, and gives the press a line or takes it back.
func (p *Troupe) toPress(t *talks.Talks, mediator string) (string, any) {
	if !t.Announced {
		return mediator, talks.Announce{Title: "The lake talks"}
	}
	for _, l := range t.Lines {
		if h, ok := t.Head(seat.Party(l.Side)); ok && !l.Over && p.r.IntN(2) == 0 {
			return string(h.Person), talks.WithdrawHoldingLine{}
		}
	}
	return p.head(t), talks.IssueHoldingLine{Text: "Nothing to say yet.", Until: p.Clock.Add(time.Duration(1+p.r.IntN(60)) * time.Minute)}
}

// onText is what happens to a negotiating text, at the table or in a shuttle.
func (p *Troupe) onText(t *talks.Talks, mediator string) (string, any) {
	const words = "# The Lake Treaty\n\nArticle 1. Quota\n\n1. No more than [forty][thirty] tonnes.\n\n2. It is reviewed every year."
	table := text.Table{Standing: text.ChairText, Words: words}
	who, clause, bracket := p.head(t), text.ID([]string{"c2", "c3"}[p.r.IntN(2)]), text.ID("b1")
	option := []string{"a", "b", "c"}[p.r.IntN(3)]
	if p.r.IntN(4) == 0 {
		offer := text.OfferOption{Bracket: bracket, Words: "thirty-five"}
		if p.r.IntN(2) == 0 {
			return who, room.InRoom[text.OfferOption]{In: "shuttle", Text: "draft", Act: offer}
		}
		return mediator, room.InRoom[text.Table]{In: "shuttle:" + string(t.Parties[0].Key), Text: "draft", Act: table}
	}
	if t.Texts["treaty"] == nil {
		return mediator, talks.On[text.Table]{Text: "treaty", Act: table}
	}
	switch p.r.IntN(13) {
	case 0, 1:
		return who, talks.On[text.OfferOption]{Text: "treaty", Act: text.OfferOption{Bracket: bracket, Words: "thirty-five"}}
	case 2:
		return who, talks.On[text.SupportOption]{Text: "treaty", Act: text.SupportOption{Bracket: bracket, Option: option}}
	case 3:
		return who, talks.On[text.Reserve]{Text: "treaty", Act: text.Reserve{Clause: clause, Kind: text.Scrutiny}}
	case 4:
		return who, talks.On[text.ProposeLift]{Text: "treaty", Act: text.ProposeLift{Bracket: bracket, Option: option}}
	case 5, 6:
		return who, talks.On[text.AgreeToLift]{Text: "treaty", Act: text.AgreeToLift{Bracket: bracket}}
	case 7, 8:
		return who, talks.On[text.AgreeAdReferendum]{Text: "treaty", Act: text.AgreeAdReferendum{Clause: clause}}
	case 10:
		return who, talks.On[text.BracketWords]{Text: "treaty", Act: text.BracketWords{Clause: clause, Words: []string{"every year", "no such words"}[p.r.IntN(2)]}}
	case 11:
		return mediator, talks.On[text.Freeze]{Text: "treaty", Act: text.Freeze{Symbol: "LAKE/1"}}
	case 9:
		return who, talks.On[text.Reopen]{Text: "treaty", Act: text.Reopen{Clause: clause, Reason: "Again."}}
	}
	return mediator, talks.On[text.Annotate]{Text: "treaty", Act: text.Annotate{Clause: clause, Words: "Close."}}
}

// across is what crosses from room to room, and what is taken away for good.
func (p *Troupe) across(t *talks.Talks, mediator string, party seat.Party) (string, any) {
	said, released := p.latest(room.SayInRoom{}), p.latest(room.Release{})
	switch p.r.IntN(16) {
	case 0, 1, 2:
		if s, ok := said.act.(room.SayInRoom); ok {
			to := []string{"plenary", "public", "shuttle", "shuttle:" + string(party), "shuttle:" + string(party)}[p.r.IntN(5)]
			as := room.Manner(room.Manner("").Choices()[p.r.IntN(3)])
			if t.Announced && p.r.IntN(3) == 0 {
				to, as = "public", room.AsSaid
			}
			return said.who, room.Release{In: s.In, Entry: said.last, Words: s.Text, To: to, As: as}
		}
	case 3, 4:
		if r, ok := released.act.(room.Release); ok {
			return released.who, room.Retract{In: r.In, Entry: released.entry}
		}
	case 5, 6, 7, 14, 15:
		if r, ok := released.act.(room.Release); ok {
			if s, seated := t.SeatOf(seat.Person(released.who)); seated {
				return mediator, room.Carry{In: r.In + ":" + string(s.Party), Entry: released.entry}
			}
		}
	case 8:
		return mediator, room.AskSealed{Name: []string{"limit", "price", "date"}[p.r.IntN(3)], Question: "Where do you stop?", Parties: string(party), Opens: p.Clock.Add(90 * time.Minute)}
	case 9, 13:
		if asked, ok := p.latest(room.AskSealed{}).act.(room.AskSealed); ok {
			if h, seated := t.Head(seat.Party(asked.Parties)); seated {
				return string(h.Person), room.AnswerSealed{Name: asked.Name, Text: "At forty."}
			}
		}
		return p.head(t), room.AnswerSealed{Name: []string{"limit", "price", "date"}[p.r.IntN(3)], Text: "At forty."}
	case 10:
		return p.head(t), room.Instruct{On: "article 3", Text: "Not below forty.", RedLine: true}
	case 11:
		return p.head(t), talks.AskDestruction{Entry: int64(1 + p.r.IntN(20)), Ground: "A name."}
	case 12:
		for _, d := range t.Destructions {
			if !d.Done {
				return mediator, talks.AgreeDestruction{Entry: d.Entry}
			}
		}
	}
	return p.head(t), room.SayInRoom{In: []string{"shuttle", "shuttle", "delegation"}[p.r.IntN(3)], Text: "We could live with forty."}
}

// latest is the last act of that type that was accepted; of nobody, if none was.
func (p *Troupe) latest(like any) past {
	for i := len(p.past) - 1; i >= 0; i-- {
		if reflect.TypeOf(p.past[i].act) == reflect.TypeOf(like) {
			return p.past[i]
		}
	}
	return past{who: "ada"}
}

// lastStatement is the last that somebody made; of nobody, if nobody has.
func (p *Troupe) lastStatement() past { return p.latest(talks.Speak{}) }

// speaker is somebody of the side that has the floor, or the chair.
func (p *Troupe) speaker(t *talks.Talks, m *talks.Meeting) string {
	if m.Floor.Turn == nil {
		return p.chair(t)
	}
	s, ok := p.who(t, func(s seat.Seat) bool { return s.Side() == m.Floor.Turn.Side && s.Permits("speak") })
	if !ok {
		return p.chair(t)
	}
	return string(s.Person)
}

func (p *Troupe) speech(t *talks.Talks, m *talks.Meeting) talks.Speak {
	switch p.r.IntN(4) {
	case 0:
		return talks.Speak{Kept: talks.Spoke}
	case 1:
		return talks.Speak{Kept: talks.Summary, Text: "In short: words.", Public: m.Part == talks.Open && t.Announced}
	}
	return talks.Speak{Kept: talks.Exact, Text: "These are words.", Language: "sw", Public: m.Part == talks.Open && t.Announced}
}
