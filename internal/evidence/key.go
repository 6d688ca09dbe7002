package evidence

import (
	"bytes"
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"math/big"
)

// A Key is a public key that can sign acts.
type Key struct{ public crypto.PublicKey }

// The three kinds of key that every browser and every device in use has between
// them, as COSE_Key (RFC 9052 section 7, RFC 9053). Devices write them in CTAP2's
// canonical CBOR, in which there is one spelling for each, so that a key is its
// fixed beginning and its numbers.
var (
	beginES256 = []byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20} // EC2, ES256, P-256, x of 32 bytes
	betweenXY  = []byte{0x22, 0x58, 0x20}                                           // y of 32 bytes
	beginEdDSA = []byte{0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20} // OKP, EdDSA, Ed25519, x of 32 bytes
	beginRS256 = []byte{0xa4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20, 0x59}       // RSA, RS256, n of as many bytes as the next two say
	endRS256   = []byte{0x21, 0x43, 0x01, 0x00, 0x01}                               // e is 65537
)

var errKey = errors.New("the key is of no kind that signs acts: ES256, EdDSA or RS256, in canonical CBOR")

// ParseKey reads a COSE_Key of one of the kinds that sign acts.
func ParseKey(b []byte) (Key, error) {
	if rest, ok := bytes.CutPrefix(b, beginES256); ok && len(rest) == 32+len(betweenXY)+32 {
		if !bytes.Equal(rest[32:35], betweenXY) {
			return Key{}, errKey
		}
		point := append(append([]byte{4}, rest[:32]...), rest[35:]...)
		if _, err := ecdh.P256().NewPublicKey(point); err != nil { // not on the curve
			return Key{}, errKey
		}
		k, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
		if err != nil {
			return Key{}, errKey
		}
		return Key{k}, nil
	}
	if rest, ok := bytes.CutPrefix(b, beginEdDSA); ok && len(rest) == ed25519.PublicKeySize {
		return Key{ed25519.PublicKey(bytes.Clone(rest))}, nil
	}
	if rest, ok := bytes.CutPrefix(b, beginRS256); ok && len(rest) > 2 {
		n := int(rest[0])<<8 | int(rest[1])
		if rest = rest[2:]; n < 256 || n > 512 || len(rest) != n+len(endRS256) || rest[0] < 0x80 || !bytes.Equal(rest[n:], endRS256) {
			return Key{}, errKey
		}
		return Key{&rsa.PublicKey{N: new(big.Int).SetBytes(rest[:n]), E: 65537}}, nil
	}
	return Key{}, errKey
}

// verify checks a signature as the key's algorithm makes it.
func (k Key) verify(message, signature []byte) bool {
	digest := sha256.Sum256(message)
	switch key := k.public.(type) {
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(key, digest[:], signature)
	case ed25519.PublicKey:
		return ed25519.Verify(key, message, signature)
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) == nil
	}
	return false
}
