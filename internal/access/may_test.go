package access_test

import (
	"strings"
	"testing"

	"parley/internal/access"
	"parley/internal/seat"
)

// decisions was written from the rules and from what delegations expect, not
// from the code. Rows are who does it, columns about whom: i invites, c
// confirms, r revokes; u confirms only while nobody of that delegation has a
// passkey, s only once somebody has. Where both are of a party, it is the same.
const decisions = `
            mediator team host head delegate adviser capital observer guarantor convener secretariat chair
mediator    icr      icr  icr  iu   i        i       -       icr      icr       -        -           -
head        -        -    -    -    icr      icr     icr     -        -         -        -           -
capital     -        -    -    icr  r        r       -       -        -         -        -           -
delegate    -        -    -    s    -        -       -       -        -         -        -           -
adviser     -        -    -    -    -        -       -       -        -         -        -           -
team        -        -    -    -    -        -       -       -        -         -        -           -
host        -        -    -    -    -        -       -       -        -         -        -           -
observer    -        -    -    -    -        -       -       -        -         -        -           -
guarantor   -        -    -    -    -        -       -       -        -         -        -           -
convener    -        -    -    -    -        -       -       -        -         -        -           -
secretariat -        -    -    -    -        -       -       -        -         -        -           -
chair       -        -    -    -    -        -       -       -        -         -        -           -
`

func TestWhoMayDoWhatAboutWhom(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(decisions), "\n")
	columns := strings.Fields(lines[0])
	if len(columns) != len(seat.Roles()) || len(lines)-1 != len(seat.Roles()) {
		t.Fatalf("the table has %d columns and %d rows for %d roles", len(columns), len(lines)-1, len(seat.Roles()))
	}
	cells := map[[2]seat.Role]string{}
	for _, line := range lines[1:] {
		words := strings.Fields(line)
		for i, cell := range words[1:] {
			cells[[2]seat.Role{seat.Role(words[0]), seat.Role(columns[i])}] = cell
		}
	}
	parties := []seat.Party{"", "kenya", "uganda"}
	talks := []string{"", "lake", "shore"}
	cases := 0
	for _, by := range seat.Roles() {
		for _, whom := range seat.Roles() {
			cell, ok := cells[[2]seat.Role{by, whom}]
			if !ok {
				t.Fatalf("the table does not speak of %s and %s", by, whom)
			}
			for _, byParty := range parties {
				for _, whomParty := range parties {
					for _, byTalks := range talks {
						for _, whomTalks := range talks {
							for _, settled := range []bool{false, true} {
								sound := byTalks != "" && byTalks == whomTalks && whom.OfParty() == (whomParty != "") &&
									(!by.OfParty() || byParty != "" && byParty == whomParty)
								for right, letters := range map[access.Right]string{
									access.Invite: "i", access.Revoke: "r",
									access.Confirm: map[bool]string{false: "cu", true: "cs"}[settled],
								} {
									want := sound && strings.ContainsAny(cell, letters)
									got := access.May(right, access.Place{Talks: byTalks, Party: byParty, Role: by}, access.Place{Talks: whomTalks, Party: whomParty, Role: whom}, settled)
									if cases++; got != want {
										t.Errorf("right %d: %s of %q in %q about %s of %q in %q, settled %v: %v, want %v",
											right, by, byParty, byTalks, whom, whomParty, whomTalks, settled, got, want)
									}
								}
							}
						}
					}
				}
			}
		}
	}
	t.Logf("%d cases", cases)
}
