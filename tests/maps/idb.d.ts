// What does the field page use of the library that opens IndexedDB?
export const openDB: any;
