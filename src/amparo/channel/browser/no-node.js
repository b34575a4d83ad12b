/** Stands where the libraries would load the cryptography of Node. A browser without its own gets the plain form. */
export const webcrypto = undefined;
