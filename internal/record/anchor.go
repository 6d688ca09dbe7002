package record

import "fmt"

const (
	anchorDomain = "parley/v1 anchor"
	padDomain    = "parley/v1 anchor padding"
)

// AnchorValue is what the joint record says about another record at one
// moment: SHA-256 of "parley/v1 anchor" (after one byte of its length), a
// fresh salt of 32 bytes, and the body of the other record's checkpoint. To
// whoever does not hold the salt it is 32 random bytes, equal to no other
// anchor even of a record that has not moved.
func AnchorValue(salt [32]byte, origin string, head Head) Hash {
	return saltedHash(anchorDomain, &salt, CheckpointBody(origin, head.Size, head.Root))
}

// AnchorPad is a value that anchors nothing. Nobody can tell it from an
// anchor, nor open it as one: its domain is another.
func AnchorPad(salt [32]byte) Hash { return saltedHash(padDomain, &salt, nil) }

// An Anchored record is one that an entry of the joint record vouches for.
type Anchored struct {
	Origin string // of its checkpoints: see [Verifier.Origin]
	Head   Head   // zero if the room is still silent
}

// Anchors makes the k values of one anchor entry of the joint record: those of
// the rooms, in their order, then padding. A room keeps its place for as long
// as the talks last, so pass rooms in the order they were formed. The salts
// are the rooms' own: each is told to nobody outside its room until an anchor
// is to be proven. k was fixed when the talks were convened; more rooms than
// that are refused.
func Anchors(chance Chance, joint Name, number int64, k int, rooms []Anchored) (values []Hash, salts [][32]byte, err error) {
	if len(rooms) > k {
		return nil, nil, fmt.Errorf("%d rooms cannot be anchored in %s: there are %d places", len(rooms), joint, k)
	}
	for i := range k {
		salt := chance.Draw(joint, number, fmt.Sprintf("anchor salt %d", i))
		if i >= len(rooms) {
			values = append(values, AnchorPad(salt))
			continue
		}
		values = append(values, AnchorValue(salt, rooms[i].Origin, rooms[i].Head))
		salts = append(salts, salt)
	}
	return values, salts, nil
}

// CheckAnchor returns an error unless value anchors the checkpoint. Together
// with a receipt for the anchor's entry in the joint record it proves that the
// other record stood so when that entry was made. The checkpoint must have
// been verified, unless it is of no entries (nobody signs those).
func CheckAnchor(value Hash, salt [32]byte, c Checkpoint) error {
	if AnchorValue(salt, c.Origin, Head{Size: c.Size, Root: c.Root}) != value {
		return fmt.Errorf("the joint record does not anchor %.320q at %d entries there", c.Origin, c.Size)
	}
	return nil
}
