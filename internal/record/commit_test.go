package record_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"
	"testing"

	"parley/internal/record"
)

func TestCommit(t *testing.T) {
	salt := [32]byte{1, 2, 3}
	long := strings.Repeat("long ", 10_000)
	for _, text := range []string{"", "no", long} {
		o := record.Opening{Salt: salt, Bytes: []byte(text)}
		for part, domain := range map[record.Part]string{record.Structure: "\x13parley/v1 structure", record.Words: "\x0fparley/v1 words"} {
			if want := sha256.Sum256([]byte(domain + string(salt[:]) + text)); record.Commit(part, o) != want {
				t.Errorf("Commit(%s) of %d bytes is not what the format says", part, len(text))
			}
		}
	}
	if want := record.Hash(sha256.Sum256([]byte("\x12parley/v1 evidencesig"))); record.EvidenceDigest([]byte("sig")) != want {
		t.Error("EvidenceDigest is not what the format says")
	}
	if (record.EvidenceDigest(nil) != record.Hash{}) || (record.EvidenceDigest([]byte{}) != record.Hash{}) {
		t.Error("no evidence has a digest")
	}
}

func TestChance(t *testing.T) {
	c := record.Chance{42}
	mac := hmac.New(sha256.New, c[:])
	mac.Write([]byte("\x0alake/joint\x00\x00\x00\x00\x00\x00\x00\x11\x0awords salt"))
	if got := c.Draw("lake/joint", 17, "words salt"); string(got[:]) != string(mac.Sum(nil)) {
		t.Error("Draw is not what the format says")
	}
	seen := make(map[[32]byte]string)
	for _, seed := range []record.Chance{{}, {1}} {
		for _, name := range []record.Name{"lake/joint", "lake/public"} {
			for number := range int64(3) {
				for _, use := range []string{"words salt", "structure salt", ""} {
					got := seed.Draw(name, number, use)
					if other, twice := seen[got]; twice {
						t.Errorf("%s %d %q draws the same as %s", name, number, use, other)
					}
					seen[got] = string(name) + use
				}
			}
		}
	}
}
