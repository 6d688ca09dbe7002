package record

import (
	"fmt"
	"strings"
)

// The longest name of a record, and the longest id of talks, in bytes.
const (
	maxName  = 200
	maxTalks = 100
)

// JointName is the name of the joint record of talks.
func JointName(talks string) Name { return Name(talks + "/joint") }

// PublicName is the name of the public record of talks.
func PublicName(talks string) Name { return Name(talks + "/public") }

// RoomName is the name of a room's record; id is the room's 128 random bits.
func RoomName(talks string, id [16]byte) Name {
	return Name(fmt.Sprintf("%s/room/%x", talks, id))
}

// Check returns an error unless n is spelled as [Name] says.
func (n Name) Check() error {
	talks, rest, _ := strings.Cut(string(n), "/")
	if len(n) > maxName || CheckTalks(talks) != nil {
		return fmt.Errorf("%.60q is not the name of a record: write the talks' id, a slash, and joint, public or room/ with 32 hexadecimal digits", string(n))
	}
	room, isRoom := strings.CutPrefix(rest, "room/")
	if rest == "joint" || rest == "public" || isRoom && isHex32(room) {
		return nil
	}
	return fmt.Errorf("%.60q is not the name of a record: after the talks' id stands joint, public or room/ with 32 hexadecimal digits", string(n))
}

// Talks is the id of the talks a record belongs to.
func (n Name) Talks() string {
	talks, _, _ := strings.Cut(string(n), "/")
	return talks
}

// CheckTalks returns an error unless id can be the id of talks: at most 100
// bytes of [a-z0-9-], the first of them a letter or a digit.
func CheckTalks(id string) error {
	ok := id != "" && len(id) <= maxTalks && id[0] != '-'
	for i := range len(id) {
		c := id[i]
		ok = ok && ('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-')
	}
	if !ok {
		return fmt.Errorf("%.60q is not an id of talks: use at most %d small letters a to z, digits and hyphens, and begin with a letter or a digit", id, maxTalks)
	}
	return nil
}

func isHex32(s string) bool {
	for i := range len(s) {
		c := s[i]
		if ('0' > c || c > '9') && ('a' > c || c > 'f') {
			return false
		}
	}
	return len(s) == 32
}
