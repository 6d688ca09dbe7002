package seat

import (
	"slices"
	"strings"
	"testing"
)

// entitled is who may do what, written from the rules of procedure role by role,
// and not from the table it is compared with.
var entitled = map[Role]string{
	Convener: "convene",
	Mediator: `admit-party name-mediator name-team-member name-chair name-host accredit accredit-list admit-observer arrange-venue
		close-talks open-round close-round arrive leave ask-for-floor yield-floor speak correct announce publish
		issue-holding-line withdraw-holding-line expect note-absence link-earlier record-outside record-side-meeting
		request-observer rule-on-request open-track propose-modality disclose attach ask-destruction agree-destruction
		form-room say-in-room note-deadline strike-deadline log-contact attach-in-room release carry retract ask-sealed`,
	Team: `arrive leave expect note-absence link-earlier record-outside record-side-meeting request-observer attach
		say-in-room note-deadline strike-deadline log-contact attach-in-room release carry retract`,
	Chair: `name-chair open-round close-round open-meeting suspend-meeting resume-meeting adjourn-meeting set-part give-floor
		set-time-limit rule-on-point ask-for-floor yield-floor speak correct arrive leave publish issue-holding-line withdraw-holding-line attach`,
	Host: "",
	Head: `name-party accredit accredit-list record-differing-time arrive leave ask-for-floor ask-for-reply yield-floor speak correct
		raise-point-of-order publish issue-holding-line withdraw-holding-line pass-note seat-capital
		expect note-absence propose-modality agree-modality acknowledge-disclosure attach ask-destruction agree-destruction say-in-room object attach-in-room
		release retract answer-sealed instruct`,
	Delegate:    "record-differing-time arrive leave ask-for-floor ask-for-reply yield-floor speak correct raise-point-of-order pass-note attach say-in-room attach-in-room",
	Adviser:     "arrive leave say-in-room attach-in-room",
	Capital:     "say-in-room attach-in-room release retract answer-sealed instruct",
	Observer:    "arrive leave",
	Guarantor:   "arrive leave",
	Secretariat: "let-holding-line-lapse note-time-limit enter-anchors open-sealed",
}

// Acts on texts are open to whoever negotiates or mediates; what each side may
// do to a text is package text's matter.
const onTexts = `table-text revise add-clause strike-clause bracket-words offer-option support-option oppose-option withdraw-option
	reserve lift-reserve merge-options annotate renumber propose-lift agree-to-lift decline-lift agree-ad-referendum confirm disavow
	reopen mark-for-leaders freeze take-pen hand-pen show-sides`

func init() {
	for _, role := range []Role{Mediator, Team, Chair, Head, Delegate} {
		for act := range strings.FieldsSeq(onTexts) {
			entitled[role] += " " + act + " " + act + "-in-room"
		}
	}
}

// TestPermits compares the table with the rules for every act, every role, and
// every role with the chair.
func TestPermits(t *testing.T) {
	for _, act := range Permitted() {
		for _, role := range Roles() {
			want := slices.Contains(strings.Fields(entitled[role]), act)
			s := Seat{Role: role, Chair: role == Chair}
			if got := s.Permits(act); got != want {
				t.Errorf("%s by the %s: the table says %v, the rules %v", act, role, got, want)
			}
			want = want || slices.Contains(strings.Fields(entitled[Chair]), act)
			if got := (Seat{Role: role, Chair: true}).Permits(act); got != want {
				t.Errorf("%s by the %s in the chair: the table says %v, the rules %v", act, role, got, want)
			}
		}
	}
	for role, acts := range entitled {
		for act := range strings.FieldsSeq(acts) {
			if !slices.Contains(Permitted(), act) {
				t.Errorf("the rules give the %s an act %q that the table does not know", role, act)
			}
		}
	}
}

// TestGroups: who hears with which ears. Hosting and keeping the software
// running entitle to nothing but what everybody may read.
func TestGroups(t *testing.T) {
	for _, c := range []struct {
		seat Seat
		want string
	}{
		{Seat{Role: Head, Party: "kenya"}, "public parties party:kenya"},
		{Seat{Role: Capital, Party: "kenya"}, "public parties party:kenya"},
		{Seat{Role: Mediator}, "public mediation"},
		{Seat{Role: Team, Chair: true}, "public mediation chair"},
		{Seat{Role: Observer, Key: "s9"}, "public observer:s9"},
		{Seat{Role: Host}, "public"},
		{Seat{Role: Secretariat}, "public"},
		{Seat{Role: Convener}, "public"},
		{Seat{}, "public"},
	} {
		if got := strings.Join(c.seat.Groups(), " "); got != c.want {
			t.Errorf("%s hears with %q, want %q", c.seat.Role, got, c.want)
		}
	}
}

// TestPartyKeys: a key is a plain word that no group of readers uses.
func TestPartyKeys(t *testing.T) {
	for key, want := range map[Party]bool{
		"kenya": true, "a": true, "lake-9": true,
		"": false, "Kenya": false, "9": false, "kenya ": false, "chair": false, "mediation": false, "parties": false, "public": false,
		"observer": false, "secretariat": false, "host": false, "a:b": false, Party(strings.Repeat("a", 33)): false,
	} {
		if got := key.Valid(); got != want {
			t.Errorf("%q valid: %v", key, got)
		}
	}
}
