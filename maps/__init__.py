"""Draw finished layers with folium; decide nothing."""
