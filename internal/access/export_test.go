package access

// CheckResponse is for the fuzzer.
var CheckResponse = checkResponse
