/** The version written into every dataset and run; a test holds it to package.json. */
export const SOFTWARE_VERSION = '0.1.0';
