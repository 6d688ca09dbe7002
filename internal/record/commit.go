package record

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
)

// A Part of an entry has a commitment of its own.
type Part string

// The parts of an entry.
const (
	Structure Part = "structure" // what the talks need to go on
	Words     Part = "words"     // what people said, and their names
)

// Commit is the commitment to one part of an entry: SHA-256 of the domain
// ("parley/v1 structure" or "parley/v1 words", after one byte of its length),
// the salt of 32 bytes, and the bytes. Without the salt it says nothing about
// the bytes; with it there is but one text that fits.
func Commit(part Part, o Opening) Hash {
	return saltedHash("parley/v1 "+string(part), &o.Salt, o.Bytes)
}

// EvidenceDigest is the digest of a signature over a binding act, SHA-256 of
// the domain "parley/v1 evidence" (after one byte of its length) and the
// bytes; zero if there is none. It needs no salt: a signature is not guessed.
func EvidenceDigest(evidence []byte) Hash {
	if len(evidence) == 0 {
		return Hash{}
	}
	return saltedHash("parley/v1 evidence", nil, evidence)
}

func saltedHash(domain string, salt *[32]byte, b []byte) Hash {
	// One buffer on the stack holds most parts whole: a hash.Hash costs more
	// than the hashing of a short text.
	var buf [1024]byte
	if need := 1 + len(domain) + 32 + len(b); need <= len(buf) {
		return sha256.Sum256(appendSalted(buf[:0], domain, salt, b))
	}
	h := sha256.New()
	h.Write(appendSalted(buf[:0], domain, salt, nil))
	h.Write(b)
	var sum Hash
	h.Sum(sum[:0])
	return sum
}

func appendSalted(to []byte, domain string, salt *[32]byte, b []byte) []byte {
	to = append(to, byte(len(domain)))
	to = append(to, domain...)
	if salt != nil {
		to = append(to, salt[:]...)
	}
	return append(to, b...)
}

// Chance is a seed from which everything random in a record is derived.
//
// In production the seed is drawn afresh at every start and stored nowhere, so
// that a salt, once destroyed with the words it hid, cannot be made again. A
// test hands in a fixed one, and can then replay a world with one side's
// private acts changed and everything else equal: what is drawn for a record
// does not depend on what was drawn for another.
type Chance [32]byte

// Draw derives 32 bytes for one use at one entry: HMAC-SHA-256 under the seed
// of record and use, each after one byte of its length, and number (8 bytes).
func (c Chance) Draw(record Name, number int64, use string) [32]byte {
	if len(record) > 255 || len(use) > 255 {
		panic("record: overlong name in Chance.Draw")
	}
	m := make([]byte, 0, 320)
	m = append(m, byte(len(record)))
	m = append(m, record...)
	m = binary.BigEndian.AppendUint64(m, uint64(number))
	m = append(m, byte(len(use)))
	m = append(m, use...)
	mac := hmac.New(sha256.New, c[:])
	mac.Write(m)
	var out [32]byte
	mac.Sum(out[:0])
	return out
}
