/**
 * The most data that a login keeps, in bytes of its JSON text as it is written to stores and to other nodes: that of
 * `PUT /me/data` in every mode, and the largest `--payload`. Bytes as they were sent bound nothing: `1e20` is written
 * with 21 digits.
 */
export const DATA_MAX_BYTES = 65_536
